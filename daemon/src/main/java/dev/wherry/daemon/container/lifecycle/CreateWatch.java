package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes sure that the creation of a container ends. If the runtime is killed meanwhile, the container's first process
 * still holds the pipe on which conmon waits for the runtime's report, and conmon waits for ever. This watch then kills
 * both, and the start fails.
 */
final class CreateWatch implements AutoCloseable {

    private static final int SECONDS_BETWEEN_LOOKS = 1;
    /** In a row: if the runtime has only just ended, conmon is about to pass its report on. */
    private static final int LOOKS_WITHOUT_RUNTIME = 2;

    private final CountDownLatch created = new CountDownLatch(1);
    private final ContainerLayout files;
    private final Supervision supervision;
    private final Cgroups cgroups;

    private CreateWatch(ContainerLayout files, Supervision supervision, Cgroups cgroups) {
        this.files = files;
        this.supervision = supervision;
        this.cgroups = cgroups;
    }

    static CreateWatch begin(ContainerLayout files, Supervision supervision, Cgroups cgroups) {
        CreateWatch watch = new CreateWatch(files, supervision, cgroups);
        Background.start("create-watch-" + files.id().substring(0, 12), watch::look);
        return watch;
    }

    private void look() throws IOException, InterruptedException {
        for (int without = 0; !created.await(SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS); ) {
            without = hasRuntime() ? 0 : without + 1;
            if (without == LOOKS_WITHOUT_RUNTIME) {
                Supervisors.killAll(supervision.mark());
                cgroups.remove(files.id());
            }
        }
    }

    private boolean hasRuntime() throws IOException {
        return Supervisors.find(List.of("--root", files.state().toString())).values().stream()
                .anyMatch(arguments -> arguments.contains(files.id()));
    }

    /** The creation succeeded or failed. */
    @Override
    public void close() {
        created.countDown();
    }
}

package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import java.io.IOException;
import java.nio.file.Files;
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
    /** In a row: if the runtime has only just failed, conmon is about to pass its report on. */
    private static final int LOOKS_ABANDONED = 2;

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
        for (int abandoned = 0; !created.await(SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS); ) {
            abandoned = isAbandoned() ? abandoned + 1 : 0;
            if (abandoned == LOOKS_ABANDONED) {
                Supervisors.killAll(supervision.mark());
                cgroups.remove(files.id());
            }
        }
    }

    /**
     * Whether the runtime has ended before it was done, and has left a process to conmon. However slow the host is, a
     * conmon that has not started the runtime yet has no such child, and a runtime that is done has written its file.
     */
    private boolean isAbandoned() throws IOException {
        return !hasRuntime()
                && !Files.exists(supervision.bundle().resolve("pid"))
                && Conmon.conmonPid(supervision).flatMap(pid -> ProcessHandle.of(pid)).stream()
                        .flatMap(ProcessHandle::children)
                        // One that has ended has no program any more.
                        .filter(child -> child.info().command().isPresent())
                        .anyMatch(child -> !Supervisors.isAlive((int) child.pid(), supervision.mark()));
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

package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.state.ContainerLayout;
import dev.wherry.daemon.runtime.Supervisors;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sees to it that the creation of a container ends. A runtime that is killed meanwhile leaves a first process that holds
 * the streams on which conmon waits for the runtime's words, for ever: then both are killed, and the start fails.
 */
final class CreateWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(CreateWatch.class);
    private static final int SECONDS_BETWEEN_LOOKS = 1;
    /** In a row: a runtime that has just ended may be one whose words conmon is about to pass on. */
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
        Thread.ofVirtual().start(watch::look);
        return watch;
    }

    private void look() {
        try {
            for (int without = 0; !created.await(SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS); ) {
                without = hasRuntime() ? 0 : without + 1;
                if (without == LOOKS_WITHOUT_RUNTIME) {
                    Supervisors.killAll(supervision.mark());
                    cgroups.remove(files.id());
                }
            }
        } catch (InterruptedException end) {
            // The daemon ends; the next one clears away.
        } catch (IOException failure) {
            LOG.warn("cannot watch the creation of container " + files.id() + ": " + failure.getMessage());
        }
    }

    private boolean hasRuntime() throws IOException {
        return Supervisors.find(List.of("--root", files.state().toString())).values().stream()
                .anyMatch(arguments -> arguments.contains(files.id()));
    }

    /** It is created, or has failed. */
    @Override
    public void close() {
        created.countDown();
    }
}

package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.Pidfd;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import java.nio.file.Path;

/** Signals to the first process of a container, by the kernel; the runtime is asked only where that is not known well. */
public final class SignalSender {

    private final OciRuntime runc;
    private final Path state;

    public SignalSender(OciRuntime runc, Path state) {
        this.runc = runc;
        this.state = state;
    }

    /** False when the process has ended. */
    boolean send(Container container, int signal) {
        if (container.pid() <= 0) {
            return false;
        }
        if (container.status().pidStart() == 0) {
            return runc.kill(state, container.id(), signal);
        }
        try {
            return Pidfd.signal(container.pid(), container.status().pidStart(), signal);
        } catch (SystemCallException failure) {
            throw new HostException(
                    "cannot signal container " + container.shortId() + ": " + failure.getMessage(), failure);
        }
    }
}

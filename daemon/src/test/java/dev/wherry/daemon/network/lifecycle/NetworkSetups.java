package dev.wherry.daemon.network.lifecycle;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;

/** Set-ups for tests of other packages. */
public final class NetworkSetups {

    private NetworkSetups() {}

    /** One that connects a namespace by running this. */
    public static NetworkSetup of(Runnable connecting) {
        FutureTask<Void> work = new FutureTask<>(connecting, null);
        Thread.ofVirtual().start(work);
        return new NetworkSetup(Path.of("/none"), List.of(), List.of(), work);
    }
}

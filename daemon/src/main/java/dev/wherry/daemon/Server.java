package dev.wherry.daemon;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.Locale;
import sun.misc.Signal;

/** The running daemon: opens its doors when everything has started, and closes them when it is told to end. */
public final class Server implements QuarkusApplication {

    private static ControlSocket socket;
    private static long started;

    /** Starts the server; returns when it ends. */
    static void serve(ControlSocket control, long startedNanos) {
        socket = control;
        started = startedNanos;
        Quarkus.run(Server.class, (exitCode, failure) -> {
            if (failure != null) {
                exitCode = Main.complain(failure);
            }
            System.exit(exitCode);
        });
    }

    @Override
    public int run(String... arguments) {
        Signal.handle(new Signal("TERM"), signal -> Quarkus.asyncExit(0));
        Signal.handle(new Signal("INT"), signal -> Quarkus.asyncExit(0));
        socket.publish();
        double seconds = (System.nanoTime() - started) / 1e9;
        System.err.printf(Locale.ROOT, "wherryd: listening on unix://%s (%.1f s)%n", socket.path(), seconds);
        Quarkus.waitForExit();
        socket.remove();
        return 0;
    }
}

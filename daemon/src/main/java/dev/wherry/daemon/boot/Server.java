package dev.wherry.daemon.boot;

import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.builder.Housekeeping;
import dev.wherry.daemon.config.ConfigSources;
import dev.wherry.daemon.config.Configuration;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.linux.IgnoredSignals;
import dev.wherry.daemon.linux.SystemCallException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.util.Locale;
import sun.misc.Signal;

/**
 * The running daemon: opens its doors when everything has started, and closes them when it is told to end. SIGHUP renews
 * its configuration ({@link Reload}), SIGTERM and SIGINT end it ({@link Drain}).
 */
@Singleton
public final class Server implements QuarkusApplication {

    /** What the command line hands over: the server makes this class itself. */
    private static Launch launch;

    private final Registries registries;
    private final CallRunner calls;
    private final Housekeeping housekeeping;

    /**
     * How the daemon was started.
     *
     * @param startedNanos of {@link System#nanoTime}
     */
    record Launch(ControlSocket socket, ConfigSources sources, Configuration configuration, long startedNanos) {}

    Server(Registries registries, CallRunner calls, Housekeeping housekeeping) {
        this.registries = registries;
        this.housekeeping = housekeeping;
        this.calls = calls;
    }

    /** Starts the server; returns when it ends. */
    static void serve(Launch how) {
        launch = how;
        Quarkus.run(Server.class, (exitCode, failure) -> {
            if (failure != null) {
                exitCode = Main.complain(failure);
            }
            System.exit(exitCode);
        });
    }

    @Override
    public int run(String... arguments) throws SystemCallException {
        Systemd systemd = new Systemd(System.getenv());
        Reload reload = new Reload(launch.sources(), launch.configuration(), registries, housekeeping);
        Drain drain = new Drain(calls, systemd, () -> reload.configuration().shutdownGrace());
        IgnoredSignals.restore(IgnoredSignals.SIGHUP, IgnoredSignals.SIGINT, IgnoredSignals.SIGTERM);
        Signal.handle(new Signal("HUP"), signal -> {
            systemd.reloading();
            reload.run();
            systemd.ready();
        });
        Signal.handle(new Signal("TERM"), signal -> drain.run());
        Signal.handle(new Signal("INT"), signal -> drain.run());
        ControlSocket socket = launch.socket();
        socket.publish();
        double seconds = (System.nanoTime() - launch.startedNanos()) / 1e9;
        DaemonLog.say(String.format(Locale.ROOT, "listening on unix://%s (%.1f s)", socket.path(), seconds));
        systemd.ready();
        Quarkus.waitForExit();
        socket.remove();
        return 0;
    }
}

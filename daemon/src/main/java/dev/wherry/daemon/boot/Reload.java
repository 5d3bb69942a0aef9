package dev.wherry.daemon.boot;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.api.auth.AccessGate;
import dev.wherry.daemon.api.server.TcpListeners;
import dev.wherry.daemon.builder.Housekeeping;
import dev.wherry.daemon.config.ConfigKey;
import dev.wherry.daemon.config.ConfigSources;
import dev.wherry.daemon.config.Configuration;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.Registries;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration of the running daemon, and its renewal from the file. */
final class Reload {

    private final ConfigSources sources;
    private final Registries registries;
    private final Housekeeping housekeeping;
    private final TcpListeners listeners;
    private final AccessGate gate;
    private final Quotas quotas;
    private final DiskRoom.Use disk;
    private Configuration configuration;

    Reload(
            ConfigSources sources,
            Configuration configuration,
            Registries registries,
            Housekeeping housekeeping,
            TcpListeners listeners,
            AccessGate gate,
            Quotas quotas,
            DiskRoom.Use disk) {
        this.disk = disk;
        DiskRoom.bound(configuration.access(), disk);
        this.quotas = quotas;
        this.listeners = listeners;
        this.sources = sources;
        this.gate = gate;
        this.configuration = configuration;
        this.registries = registries;
        this.housekeeping = housekeeping;
        housekeeping.use(configuration.garbagePolicy());
    }

    /** What holds now. */
    synchronized Configuration configuration() {
        return configuration;
    }

    /** Reads the file and applies what can change now. With a mistake in it, everything stays as it is. */
    synchronized void run() {
        try {
            Configuration wanted = sources.load();
            List<ConfigKey> changes = configuration.differing(wanted);
            configuration = configuration.applied(wanted);
            DaemonLog.level(configuration.logLevel());
            registries.use(configuration.registries());
            housekeeping.use(configuration.garbagePolicy());
            listeners.use(Startup.tlsFiles(configuration));
            gate.use(configuration.access());
            quotas.use(configuration.access());
            DiskRoom.bound(configuration.access(), disk);
            DaemonLog.say("reloaded " + sources.file() + ": " + account(changes, wanted));
        } catch (InvalidInputException mistakes) {
            DaemonLog.error(mistakes.getMessage());
            DaemonLog.error("the settings stay as they were");
        }
    }

    private static String account(List<ConfigKey> changes, Configuration wanted) {
        String applied = changes.stream()
                .filter(ConfigKey::isLive)
                .map(key -> key.key() + " is now " + (wanted.text(key).isEmpty() ? "empty" : wanted.text(key)))
                .collect(Collectors.joining(", "));
        String waiting = changes.stream()
                .filter(key -> !key.isLive())
                .map(ConfigKey::key)
                .collect(Collectors.joining(", "));
        if (changes.isEmpty()) {
            return "nothing has changed";
        }
        return applied
                + (applied.isEmpty() || waiting.isEmpty() ? "" : "; ")
                + (waiting.isEmpty() ? "" : "restart wherryd for " + waiting);
    }
}

package dev.wherry.daemon;

import dev.wherry.daemon.build.Housekeeping;
import dev.wherry.daemon.config.Configuration;
import dev.wherry.daemon.config.Key;
import dev.wherry.daemon.config.Sources;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.Registries;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration of the running daemon, and its renewal from the file. */
final class Reload {

    private final Sources sources;
    private final Registries registries;
    private final Housekeeping housekeeping;
    private Configuration configuration;

    Reload(Sources sources, Configuration configuration, Registries registries, Housekeeping housekeeping) {
        this.sources = sources;
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
            List<Key> changes = configuration.differing(wanted);
            configuration = configuration.applied(wanted);
            Log.level(configuration.logLevel());
            registries.use(configuration.registries());
            housekeeping.use(configuration.garbagePolicy());
            Log.say("reloaded " + sources.file() + ": " + account(changes, wanted));
        } catch (InvalidInputException mistakes) {
            Log.error(mistakes.getMessage());
            Log.error("the settings stay as they were");
        }
    }

    private static String account(List<Key> changes, Configuration wanted) {
        String applied = changes.stream()
                .filter(Key::isLive)
                .map(key -> key.key() + " is now " + (wanted.text(key).isEmpty() ? "empty" : wanted.text(key)))
                .collect(Collectors.joining(", "));
        String waiting =
                changes.stream().filter(key -> !key.isLive()).map(Key::key).collect(Collectors.joining(", "));
        if (changes.isEmpty()) {
            return "nothing has changed";
        }
        return applied
                + (applied.isEmpty() || waiting.isEmpty() ? "" : "; ")
                + (waiting.isEmpty() ? "" : "restart wherryd for " + waiting);
    }
}

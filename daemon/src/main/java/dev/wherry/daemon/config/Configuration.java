package dev.wherry.daemon.config;

import dev.wherry.daemon.build.cache.Amount;
import dev.wherry.daemon.build.cache.GarbagePolicy;
import dev.wherry.daemon.registry.RegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The value of every key, all of a checked form.
 *
 * @param values as text, several parted by commas; empty where there is none
 */
public record Configuration(Map<Key, String> values) {

    public Configuration {
        values = new EnumMap<>(values);
    }

    public String text(Key key) {
        return values.get(key);
    }

    /** A path made absolute; empty when it is not set. */
    public Optional<Path> path(Key key) {
        return Optional.of(text(key))
                .filter(text -> !text.isEmpty())
                .map(text -> Path.of(text).toAbsolutePath().normalize());
    }

    public LogLevel logLevel() {
        return Form.level(text(Key.LOG_LEVEL)).orElseThrow();
    }

    /** How long work may go on when the daemon is told to end. */
    public Duration shutdownGrace() {
        return Form.duration(text(Key.SHUTDOWN_GRACE));
    }

    /** How many bytes one thing may have that a build fetches. */
    public long fetchLimit() {
        return Form.size(text(Key.FETCH_LIMIT));
    }

    /** What of the build cache the daemon removes by itself. */
    public GarbagePolicy garbagePolicy() {
        return new GarbagePolicy(
                Boolean.parseBoolean(text(Key.BUILDER_GC)),
                Form.age(text(Key.BUILDER_GC_UNUSED_FOR)),
                amount(Key.BUILDER_GC_RESERVED_SPACE),
                amount(Key.BUILDER_GC_MAX_USED_SPACE),
                amount(Key.BUILDER_GC_MIN_FREE_SPACE));
    }

    private Amount amount(Key key) {
        return Amount.parse(text(key)).orElseThrow();
    }

    public RegistrySettings registries() {
        return RegistrySettings.parse(
                text(Key.REGISTRY), Form.many(text(Key.REGISTRY_MIRRORS)), Form.many(text(Key.INSECURE_REGISTRIES)));
    }

    /** This configuration with those values of another that can change while the daemon runs. */
    public Configuration applied(Configuration wanted) {
        Map<Key, String> merged = new EnumMap<>(values);
        for (Key key : differing(wanted)) {
            if (key.isLive()) {
                merged.put(key, wanted.text(key));
            }
        }
        return new Configuration(merged);
    }

    /** The keys whose values differ in another configuration. */
    public List<Key> differing(Configuration other) {
        List<Key> differing = new ArrayList<>();
        for (Key key : Key.values()) {
            if (!text(key).equals(other.text(key))) {
                differing.add(key);
            }
        }
        return differing;
    }
}

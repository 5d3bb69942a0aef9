package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the output of a container is kept.
 *
 * @param driver "json-file", "local", "journald" or "none"
 * @param options such as "max-size" and "max-file"
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record LogConfig(String driver, Map<String, String> options) {

    /** Files with the default sizes of {@link LogOptions}. */
    public static final LogConfig DEFAULT = new LogConfig("json-file", Map.of());

    public LogConfig {
        options = Map.copyOf(options);
    }

    /** This one as a user gave it, who may leave out the driver, and then or for the same driver some of its options. */
    public LogConfig completedBy(LogConfig standard) {
        if (!driver.isEmpty() && !driver.equals(standard.driver)) {
            return this;
        }
        Map<String, String> all = new HashMap<>(standard.options);
        all.putAll(options);
        return new LogConfig(standard.driver, all);
    }
}

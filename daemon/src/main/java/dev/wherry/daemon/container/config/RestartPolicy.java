package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Whether a container is restarted after it exits by itself.
 *
 * @param maximumRetries with {@link Name#ON_FAILURE}, the largest number of restarts; 0 for no limit
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record RestartPolicy(Name name, int maximumRetries) {

    /** Never. */
    public static final RestartPolicy NO = new RestartPolicy(Name.NO, 0);

    /** When a container is restarted. */
    @RegisterForReflection
    public enum Name {
        NO,
        ALWAYS,
        /** After an exit code other than 0. */
        ON_FAILURE,
        /** Always, but not at the start of a daemon if a user had stopped the container. */
        UNLESS_STOPPED;

        /** The name as users write it. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}

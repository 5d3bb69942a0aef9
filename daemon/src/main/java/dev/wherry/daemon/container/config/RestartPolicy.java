package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Whether a container is started again when it ends by itself.
 *
 * @param maximumRetries with {@link Name#ON_FAILURE}, how often at most; 0 for no bound
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record RestartPolicy(Name name, int maximumRetries) {

    /** Never. */
    public static final RestartPolicy NO = new RestartPolicy(Name.NO, 0);

    /** When it is started again. */
    @RegisterForReflection
    public enum Name {
        NO,
        ALWAYS,
        /** When its exit code is not 0. */
        ON_FAILURE,
        /** Always, but not by a new daemon when it had been stopped before. */
        UNLESS_STOPPED;

        /** As users write it. */
        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}

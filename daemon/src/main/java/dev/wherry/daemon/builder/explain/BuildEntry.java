package dev.wherry.daemon.builder.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One build in the history.
 *
 * @param ref what names it: twelve hexadecimal digits, or the word that its client gave it
 * @param project what is the same for all builds of one Dockerfile in one context
 * @param name for people: the context's last name, and the Dockerfile's and the target's where they say something
 * @param error why it failed; empty when it did not
 * @param image id of the image; empty when there is none
 */
public record BuildEntry(
        String ref,
        String project,
        String name,
        String context,
        String dockerfile,
        String target,
        Status status,
        Instant startedAt,
        Duration duration,
        int steps,
        int cached,
        String image,
        List<String> tags,
        String error) {

    /** How a build ended. */
    public enum Status {
        COMPLETED,
        FAILED,
        CANCELLED;

        /** As docker writes it. */
        public String text() {
            return switch (this) {
                case COMPLETED -> "Completed";
                case FAILED -> "Error";
                case CANCELLED -> "Canceled";
            };
        }
    }

    public BuildEntry {
        tags = List.copyOf(tags);
    }
}

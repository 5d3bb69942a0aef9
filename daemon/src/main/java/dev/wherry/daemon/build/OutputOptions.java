package dev.wherry.daemon.build;

import java.util.List;
import java.util.Map;

/**
 * What becomes of the result of a build.
 *
 * @param tags references the image gets
 * @param labels labels added to the image
 */
public record OutputOptions(List<String> tags, Map<String, String> labels) {
    /** An image without a name. */
    public static final OutputOptions DEFAULT = new OutputOptions(List.of(), Map.of());

    public OutputOptions {
        tags = List.copyOf(tags);
        labels = Map.copyOf(labels);
    }
}

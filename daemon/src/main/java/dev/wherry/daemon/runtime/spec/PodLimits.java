package dev.wherry.daemon.runtime.spec;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits by control groups that only the container of a pod asks for.
 *
 * @param hugePages limits in bytes by the size of a page, such as "2MB"
 * @param unified files of the control group and their content, such as "memory.high", for control groups of version 2
 */
public record PodLimits(Map<String, Long> hugePages, Map<String, String> unified) {

    public static final PodLimits NONE = new PodLimits(Map.of(), Map.of());

    public PodLimits {
        hugePages = Map.copyOf(hugePages);
        unified = Map.copyOf(unified);
    }

    /** These with the changes: what the changes do not name stays. */
    public PodLimits with(PodLimits changes) {
        return new PodLimits(merged(hugePages, changes.hugePages), merged(unified, changes.unified));
    }

    private static <T> Map<String, T> merged(Map<String, T> before, Map<String, T> changes) {
        Map<String, T> after = new HashMap<>(before);
        after.putAll(changes);
        return after;
    }
}

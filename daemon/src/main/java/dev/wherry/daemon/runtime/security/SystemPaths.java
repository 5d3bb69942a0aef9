package dev.wherry.daemon.runtime.security;

import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.Isolation;
import java.util.List;

/**
 * Paths of the kernel's file systems that a container does not see, or cannot write to.
 *
 * @param masked null for a container that has the host's rights
 * @param readOnly as {@code masked}
 */
public record SystemPaths(List<String> masked, List<String> readOnly) {

    /** Of a container that is kept from nothing. */
    private static final SystemPaths OPEN = new SystemPaths(null, null);

    /**
     * What a container asks for, and where it asks for nothing the usual paths.
     *
     * @param open whether the container is kept from nothing
     */
    public static SystemPaths of(Isolation isolation, boolean open) {
        if (open) {
            return OPEN;
        }
        boolean usual = SecurityOptions.parse(isolation).systemPaths();
        return new SystemPaths(
                paths(isolation.pod().maskedPaths(), usual ? DefaultSpec.MASKED_PATHS : List.of()),
                paths(isolation.pod().readOnlyPaths(), usual ? DefaultSpec.READONLY_PATHS : List.of()));
    }

    private static List<String> paths(List<String> asked, List<String> usual) {
        return asked == null ? usual : asked;
    }

    /** Whether a container asks for less than every container has. */
    public static boolean isLoosenedBy(Isolation isolation) {
        return !paths(isolation.pod().maskedPaths(), DefaultSpec.MASKED_PATHS).containsAll(DefaultSpec.MASKED_PATHS)
                || !paths(isolation.pod().readOnlyPaths(), DefaultSpec.READONLY_PATHS)
                        .containsAll(DefaultSpec.READONLY_PATHS);
    }
}

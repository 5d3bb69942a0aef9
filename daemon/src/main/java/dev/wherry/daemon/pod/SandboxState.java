package dev.wherry.daemon.pod;

import java.util.Locale;

/**
 * Where a sandbox stands in its life.
 *
 * <pre>
 * creating ─→ ready ─→ notready ─→ (removed)
 *     └─→ (removed)
 * </pre>
 */
public enum SandboxState {
    /** Being made: nobody has heard of it, and the next daemon removes it. */
    CREATING,
    /** Its namespaces and its network are there. */
    READY,
    /** Stopped, or lost with a reboot: nothing is left of it but what was asked for. */
    NOTREADY;

    static SandboxState parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The name that the database has. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.wherry.daemon.runtime.spec;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Which users or groups of the host those of a user namespace are (OCI runtime-spec, "User namespace mappings"). Stored as JSON.
 *
 * @param containerID the first in the namespace
 * @param hostID the first on the host
 * @param size how many
 */
@RegisterForReflection
public record IdMapping(long containerID, long hostID, long size) {

    private static final long ALL = 1L << 32;

    /** Whether the namespace has a root, and all are numbers that the kernel knows. */
    @JsonIgnore
    public boolean isWhole() {
        return containerID == 0 && hostID >= 0 && size > 0 && hostID + size < ALL;
    }

    /** As the kernel has it in {@code /proc/PID/uid_map}. */
    public String line() {
        return containerID + " " + hostID + " " + size;
    }
}

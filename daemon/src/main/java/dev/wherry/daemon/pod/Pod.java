package dev.wherry.daemon.pod;

import java.time.Instant;
import java.util.List;

/**
 * A pod as it stood at one moment: its sandbox.
 *
 * @param id 64 lower-case hexadecimal digits
 * @param addresses its own; none on the host's network
 * @param bootId the boot that it was made in
 */
public record Pod(
        String id, SandboxConfig config, SandboxState state, Instant createdAt, List<String> addresses, String bootId) {

    public Pod {
        addresses = List.copyOf(addresses);
    }

    public boolean isReady() {
        return state == SandboxState.READY;
    }

    /** The first twelve digits of the ID, as shown to people. */
    public String shortId() {
        return id.substring(0, 12);
    }

    Pod with(SandboxLimits limits) {
        return new Pod(id, config.with(limits), state, createdAt, addresses, bootId);
    }

    Pod with(SandboxState next, List<String> nextAddresses) {
        return new Pod(id, config, next, createdAt, nextAddresses, bootId);
    }
}

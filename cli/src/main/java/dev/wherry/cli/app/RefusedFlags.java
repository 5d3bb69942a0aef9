package dev.wherry.cli.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Flags that docker's commands know and these do not yet. They are refused by name: a user of docker who gives one means
 * it, and would be misled if it were taken for a typing error, or ignored.
 */
final class RefusedFlags {
    /** Names, separated by spaces; a short form follows its long one after a comma. */
    private static final String RUN = """
            blkio-weight-device cpu-count cpu-percent cpu-rt-period cpu-rt-runtime disable-content-trust gpus
            io-maxbandwidth io-maxiops ip ip6 isolation kernel-memory link link-local-ip mac-address net-alias
            network-alias publish,p publish-all,P storage-opt use-api-socket volume-driver volumes-from
            """;

    private static final String UPDATE = "cpu-rt-period cpu-rt-runtime kernel-memory";

    private static final String BUILD = """
            attest builder cache-from cache-to cgroup-parent compress
            cpu-period cpu-quota cpu-shares,c cpuset-cpus cpuset-mems debug,D disable-content-trust force-rm isolation
            memory,m memory-swap policy provenance push rm sbom security-opt
            squash
            """;

    private static final Map<String, String> BY_COMMAND =
            Map.of("run", RUN, "create", RUN, "update", UPDATE, "build", BUILD);

    private final Map<String, String> spoken = new HashMap<>();

    private RefusedFlags() {}

    /** The flags that a command refuses. */
    static RefusedFlags of(String command) {
        RefusedFlags flags = new RefusedFlags();
        for (String flag : BY_COMMAND.getOrDefault(command, "").split("\\s+")) {
            List<String> names = List.of(flag.split(","));
            String longName = "--" + names.getFirst();
            boolean hasShort = names.size() > 1;
            flags.spoken.put(longName, hasShort ? longName + " (-" + names.get(1) + ")" : longName);
            if (hasShort) {
                flags.spoken.put("-" + names.get(1), flags.spoken.get(longName));
            }
        }
        return flags;
    }

    /** How to speak of a flag, when it is refused. */
    Optional<String> find(String flag) {
        return Optional.ofNullable(spoken.get(flag));
    }
}

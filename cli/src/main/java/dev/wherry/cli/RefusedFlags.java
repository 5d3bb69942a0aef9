package dev.wherry.cli;

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
            add-host annotation attach,a blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile
            cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares,c cpus cpuset-cpus
            cpuset-mems detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps
            device-write-iops disable-content-trust dns dns-opt dns-option dns-search domainname expose gpus group-add
            health-cmd health-interval health-retries health-start-interval health-start-period health-timeout init
            io-maxbandwidth io-maxiops ip ip6 ipc isolation kernel-memory label-file link link-local-ip log-driver log-opt
            mac-address memory,m memory-reservation memory-swap memory-swappiness mount net-alias network-alias
            no-healthcheck oom-kill-disable oom-score-adj pid pids-limit privileged publish,p publish-all,P read-only
            restart runtime security-opt shm-size sig-proxy stop-timeout storage-opt sysctl tmpfs ulimit use-api-socket
            userns uts volume,v volume-driver volumes-from
            """;

    private static final String BUILD = """
            attest builder cache-from cache-to cgroup-parent compress
            cpu-period cpu-quota cpu-shares,c cpuset-cpus cpuset-mems debug,D disable-content-trust force-rm isolation
            memory,m memory-swap policy provenance push rm sbom security-opt
            squash
            """;

    private static final Map<String, String> BY_COMMAND = Map.of("run", RUN, "create", RUN, "build", BUILD);

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

package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.runtime.spec.ExtraHost;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the processes of RUN get besides what their instruction says.
 *
 * @param network how they are connected unless their instruction says otherwise
 * @param hosts for {@code /etc/hosts}
 * @param shmBytes size of {@code /dev/shm}; empty for the usual one
 * @param limits resource limits
 * @param allowed entitlements: {@link #INSECURE}, {@link #HOST_NETWORK}
 * @param shellOnFailure whether the first that fails offers a shell
 */
public record RunOptions(
        RunNetwork network,
        List<ExtraHost> hosts,
        OptionalLong shmBytes,
        List<Limit> limits,
        Set<String> allowed,
        boolean shellOnFailure) {

    public static final RunOptions DEFAULT =
            new RunOptions(RunNetwork.DEFAULT, List.of(), OptionalLong.empty(), List.of(), Set.of(), false);

    /** Lets a RUN have {@code --security=insecure}. */
    public static final String INSECURE = "security.insecure";

    /** Lets a RUN have every device of the host that it asks for; with {@code =NAME} after it, that device. */
    public static final String DEVICE = "device";

    /** Lets a RUN have {@code --network=host} in a build that does not have it. */
    public static final String HOST_NETWORK = "network.host";

    public RunOptions {
        hosts = List.copyOf(hosts);
        limits = List.copyOf(limits);
        allowed = Set.copyOf(allowed);
    }
}

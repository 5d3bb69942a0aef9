package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.cgroup.ResourceRules;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.security.Capabilities;
import dev.wherry.daemon.runtime.security.Devices;
import dev.wherry.daemon.runtime.security.SeccompProfile;
import dev.wherry.daemon.runtime.security.SecurityOptions;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ResolverConfig;
import dev.wherry.daemon.runtime.spec.Ulimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a container may be given that a step of a build is not.
 *
 * @param init whether a small first process passes on signals and reaps
 * @param domainName NIS domain, also the end of the full host name; empty for none
 * @param annotations passed on to the OCI runtime
 * @param runtime name or absolute path of an OCI runtime; empty for the daemon's
 */
public record ContainerOptions(
        Isolation isolation,
        Resources resources,
        ResolverConfig resolver,
        boolean init,
        String domainName,
        Map<String, String> annotations,
        String runtime,
        JoinedContainers peers) {

    /** What every container gets. */
    public static final ContainerOptions DEFAULT = new ContainerOptions(
            Isolation.DEFAULT, Resources.DEFAULT, ResolverConfig.HOST, false, "", Map.of(), "", JoinedContainers.NONE);

    public ContainerOptions {
        annotations = Map.copyOf(annotations);
    }

    /**
     * Whether all of it goes together, and with this host.
     *
     * @throws InvalidInputException with the first thing that is wrong
     */
    public void check(NetworkMode network) {
        Namespaces.check(isolation);
        List<String> capabilities = Capabilities.of(isolation);
        SecurityOptions security = SecurityOptions.parse(isolation);
        if (security.hasSeccompProfile()) {
            SeccompProfile.spec(security.seccomp(), capabilities);
        }
        Sysctls.check(isolation, network);
        Devices.check(isolation);
        Ulimits.check(isolation.limits());
        ResourceRules.check(resources);
        ResourceRules.check(isolation.pod().limits());
        if (init) {
            InitProgram.find();
        }
    }

    /** What of it has no effect on this host, or may surprise. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(ResourceRules.warnings(resources));
        for (String label : SecurityOptions.parse(isolation).labels()) {
            warnings.add("The security option " + label + " has no effect: there is no SELinux here.");
        }
        return warnings;
    }
}

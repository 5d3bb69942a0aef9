package dev.wherry.daemon.runtime;

import dev.wherry.daemon.error.InvalidInputException;
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
        Resolver resolver,
        boolean init,
        String domainName,
        Map<String, String> annotations,
        String runtime,
        Peers peers) {

    /** What every container gets. */
    public static final ContainerOptions DEFAULT = new ContainerOptions(
            Isolation.DEFAULT, Resources.DEFAULT, Resolver.HOST, false, "", Map.of(), "", Peers.NONE);

    public ContainerOptions {
        annotations = Map.copyOf(annotations);
    }

    /**
     * Whether all of it goes together, and with this host.
     *
     * @throws InvalidInputException with the first thing that is wrong
     */
    public void check(Network network) {
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
        if (init) {
            InitProgram.find();
        }
        if (!runtime.isEmpty()) {
            Runtimes.find(runtime);
        }
    }

    /** What of it has no effect on this host, or may surprise. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(ResourceRules.warnings(resources));
        for (String label : SecurityOptions.parse(isolation).labels()) {
            warnings.add("--security-opt " + label + " has no effect: there is no SELinux here.");
        }
        return warnings;
    }
}

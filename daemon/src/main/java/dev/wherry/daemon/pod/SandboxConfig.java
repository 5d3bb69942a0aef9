package dev.wherry.daemon.pod;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.runtime.spec.UserMappings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/**
 * What a sandbox was asked for with. Stored as JSON.
 *
 * @param name of the pod
 * @param uid of the pod
 * @param namespace of Kubernetes that the pod is in
 * @param attempt how often a sandbox of this pod was made before
 * @param hostname empty for the host's
 * @param logDirectory where the logs of its containers go; empty for the daemon's own places
 * @param dns what {@code resolv.conf} says; nothing for what the host's says
 * @param ports of the host that lead into it
 * @param cgroupParent the parent of the control groups of its containers; empty for the daemon's own
 * @param limits of the pod as a whole
 * @param sysctls kernel parameters of its namespaces
 * @param privileged whether its containers may be privileged
 * @param runtime name of an OCI runtime; empty for the daemon's
 * @param users who its users are on the host, if it is to have a user namespace; else null
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record SandboxConfig(
        String name,
        String uid,
        String namespace,
        int attempt,
        String hostname,
        String logDirectory,
        Dns dns,
        List<PortBinding> ports,
        Map<String, String> labels,
        Map<String, String> annotations,
        String cgroupParent,
        SandboxLimits limits,
        Map<String, String> sysctls,
        Share network,
        Share pid,
        Share ipc,
        boolean privileged,
        String runtime,
        UserMappings users) {

    public SandboxConfig {
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        limits = limits == null ? SandboxLimits.NONE : limits;
        sysctls = Map.copyOf(sysctls);
    }

    /** Whose namespace of a kind a container is in. */
    @RegisterForReflection
    public enum Share {
        /** That of the pod. */
        POD,
        /** One of its own. */
        CONTAINER,
        /** That of the host. */
        NODE
    }

    /** Lines of {@code resolv.conf}. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Dns(List<String> servers, List<String> searches, List<String> options) {

        public Dns {
            servers = List.copyOf(servers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
        }

        @JsonIgnore
        boolean isGiven() {
            return !servers.isEmpty() || !searches.isEmpty() || !options.isEmpty();
        }
    }

    /** What no two sandboxes have alike. */
    @JsonIgnore
    String reservedName() {
        return String.join("_", name, namespace, uid, Integer.toString(attempt));
    }

    SandboxConfig with(SandboxLimits next) {
        return new SandboxConfig(
                name,
                uid,
                namespace,
                attempt,
                hostname,
                logDirectory,
                dns,
                ports,
                labels,
                annotations,
                cgroupParent,
                next,
                sysctls,
                network,
                pid,
                ipc,
                privileged,
                runtime,
                users);
    }

    /** Whether both are attempts at one pod. */
    boolean isOfSamePod(SandboxConfig other) {
        return name.equals(other.name) && namespace.equals(other.namespace) && uid.equals(other.uid);
    }

    /** Whether it has a network of its own. */
    @JsonIgnore
    public boolean hasNetwork() {
        return network != Share.NODE;
    }

    /** As users name it: NAMESPACE/NAME. */
    @JsonIgnore
    public String path() {
        return namespace + "/" + name;
    }

    /** As messages name it. */
    @JsonIgnore
    public String title() {
        return "pod " + path();
    }
}

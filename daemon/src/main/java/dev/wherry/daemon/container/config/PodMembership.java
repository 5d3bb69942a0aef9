package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.runtime.spec.UserMappings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pod that a container belongs to: what it has of the pod's sandbox in place of its own.
 *
 * @param sandbox ID of the sandbox; empty for a container of no pod
 * @param pod namespace and name of the pod, as "default/web"
 * @param name of the container within the pod
 * @param attempt how often a container of this name was made before
 * @param image how a user named its image; empty where nobody says
 * @param annotations as they were given; no OCI runtime sees them
 * @param namespaces which of the sandbox's it joins, by the names that they have in {@code /proc/PID/ns}
 * @param log the file that its output goes to; empty for the daemon's own
 * @param users who its users are on the host, if the pod has a user namespace; else null
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record PodMembership(
        String sandbox,
        String pod,
        String name,
        int attempt,
        String image,
        Map<String, String> annotations,
        Set<String> namespaces,
        String log,
        UserMappings users) {

    /** In no pod. */
    public static final PodMembership NONE = new PodMembership("", "", "", 0, "", Map.of(), Set.of(), "", null);

    public PodMembership {
        annotations = Map.copyOf(annotations);
        namespaces = Set.copyOf(namespaces);
    }

    /** Whether there is a pod. */
    @JsonIgnore
    public boolean isMember() {
        return !sandbox.isEmpty();
    }

    /** Whether its users are others on the host. */
    @JsonIgnore
    public boolean isMapped() {
        return users != null;
    }

    /** Whether a user means its pod: by the ID of the sandbox or its beginning, or by name, with or without namespace. */
    public boolean isOf(String named) {
        return isMember()
                && !named.isEmpty()
                && (sandbox.startsWith(named)
                        || pod.equals(named)
                        || pod.substring(pod.indexOf('/') + 1).equals(named));
    }

    /** The file that the output goes to, if it is not the daemon's own. */
    @JsonIgnore
    public Optional<Path> logFile() {
        return log.isEmpty() ? Optional.empty() : Optional.of(Path.of(log));
    }
}

package dev.wherry.daemon.network.cni;

import dev.wherry.daemon.network.PortMapping;
import java.util.List;
import java.util.Map;

/**
 * A pod to connect, as plugins know it.
 *
 * @param id of its sandbox
 * @param name of the pod
 * @param namespace of Kubernetes that the pod is in
 * @param uid of the pod
 * @param ports of the host that lead into it
 * @param dns what its {@code resolv.conf} will say
 * @param annotations of the pod, which bound its bandwidth among others
 */
public record CniPod(
        String id,
        String name,
        String namespace,
        String uid,
        List<PortMapping> ports,
        Dns dns,
        Map<String, String> annotations) {

    public CniPod {
        ports = List.copyOf(ports);
        annotations = Map.copyOf(annotations);
    }

    /** Lines of {@code resolv.conf}. */
    public record Dns(List<String> servers, List<String> searches, List<String> options) {

        public static final Dns NONE = new Dns(List.of(), List.of(), List.of());

        public Dns {
            servers = List.copyOf(servers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
        }
    }

    /** The value of {@code CNI_ARGS}. */
    String args() {
        return "IgnoreUnknown=1;K8S_POD_NAMESPACE=" + namespace
                + ";K8S_POD_NAME=" + name
                + ";K8S_POD_INFRA_CONTAINER_ID=" + id
                + ";K8S_POD_UID=" + uid;
    }
}

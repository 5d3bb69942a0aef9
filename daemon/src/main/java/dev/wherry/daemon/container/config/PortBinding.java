package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A port of a container that is to be published on the host.
 *
 * @param protocol "tcp", "udp" or "sctp"
 * @param hostIp empty for all addresses
 * @param hostPort 0 for a free one
 * @param hostPortEnd if greater than {@code hostPort}, the end of a range of which one free port is taken
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record PortBinding(int containerPort, String protocol, String hostIp, int hostPort, int hostPortEnd) {

    /** On a free port of all addresses. */
    public static PortBinding anywhere(int containerPort, String protocol) {
        return new PortBinding(containerPort, protocol, "", 0, 0);
    }

    /** The port of the container, as "80/tcp". */
    @JsonIgnore
    public String port() {
        return containerPort + "/" + protocol;
    }
}

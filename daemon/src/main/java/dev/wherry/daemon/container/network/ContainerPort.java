package dev.wherry.daemon.container.network;

/**
 * A port of a running container that is exposed, and perhaps published at one address of the host.
 *
 * @param protocol "tcp", "udp" or "sctp"
 * @param hostIp empty if the port is not published
 * @param hostPort 0 if the port is not published
 */
public record ContainerPort(int containerPort, String protocol, String hostIp, int hostPort) {

    public boolean isPublished() {
        return hostPort > 0;
    }

    /** The port of the container, as "80/tcp". */
    public String port() {
        return containerPort + "/" + protocol;
    }
}

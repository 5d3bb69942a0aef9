package dev.wherry.daemon.registry.transport;

import java.net.URI;

/**
 * One place that serves a repository.
 *
 * @param plain whether it is spoken to without TLS
 * @param host as users name it
 * @param path of the repository there
 */
public record RegistryEndpoint(boolean plain, String host, String path) {

    /** What Docker Hub's registry is called in names, and where it answers. */
    private static final String HUB = "docker.io";

    private static final String HUB_ADDRESS = "registry-1.docker.io";

    /** {@code /v2/<path>/<rest>} of this endpoint (OCI distribution-spec, "Endpoints"). */
    public URI uri(String rest) {
        String address = host.equals(HUB) ? HUB_ADDRESS : host;
        return URI.create((plain ? "http://" : "https://") + address + "/v2/" + path + "/" + rest);
    }

    @Override
    public String toString() {
        return host + "/" + path;
    }

    // Written out: those that a record comes with are interpreted in a native executable.
    @Override
    public boolean equals(Object other) {
        return other instanceof RegistryEndpoint that
                && plain == that.plain
                && host.equals(that.host)
                && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Boolean.hashCode(plain) + host.hashCode()) + path.hashCode();
    }
}

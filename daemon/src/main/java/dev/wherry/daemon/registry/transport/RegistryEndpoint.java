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

    /** Where Docker Hub's search answers. */
    private static final String HUB_INDEX = "index.docker.io";

    /** {@code /v2/<path>/<rest>} of this endpoint (OCI distribution-spec, "Endpoints"). */
    public URI uri(String rest) {
        return api(path + "/" + rest);
    }

    /** {@code /v2/<rest>}, for what is not of a repository. */
    public URI api(String rest) {
        return address(HUB_ADDRESS, "/v2/" + rest);
    }

    /** {@code /v1/<rest>}, where searches were and are. */
    public URI index(String rest) {
        return address(HUB_INDEX, "/v1/" + rest);
    }

    private URI address(String hub, String rest) {
        return URI.create((plain ? "http://" : "https://") + (host.equals(HUB) ? hub : host) + rest);
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

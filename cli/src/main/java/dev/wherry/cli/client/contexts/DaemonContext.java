package dev.wherry.cli.client.contexts;

import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.client.TlsFiles;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A named daemon.
 *
 * @param host its address, as {@link HostAddress} reads it
 * @param withoutTls whether TCP is used without TLS
 */
public record DaemonContext(String name, String description, String host, boolean withoutTls) {
    /** The context that is no file: what flags and the environment say. */
    public static final String DEFAULT = "default";

    /** What docker calls the endpoint that a context is about. */
    static final String ENDPOINT = "docker";

    private static final String NAME = "[a-zA-Z0-9][a-zA-Z0-9_.+-]+";

    /** @throws Failure if a context cannot have the name */
    public DaemonContext {
        checkName(name);
    }

    public static void checkName(String name) {
        if (name.equals(DEFAULT)) {
            throw new Failure("\"default\" is a reserved context name");
        }
        if (!name.matches(NAME)) {
            throw new Failure(
                    "context name \"" + name + "\" is invalid, names are validated against regexp \"^" + NAME + "$\"");
        }
    }

    /**
     * The address of the daemon.
     *
     * @param tls the files of the context
     * @throws Failure if the address is malformed, or TCP lacks its files
     */
    public HostAddress address(Optional<TlsFiles> tls) {
        return HostAddress.parse(host, () -> {
            if (withoutTls) {
                return Optional.empty();
            }
            if (tls.isEmpty()) {
                throw new Failure("context \"" + name + "\" has no certificates: give --ca, --cert and --key");
            }
            return tls;
        });
    }

    String json() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (!description.isEmpty()) {
            metadata.put("Description", description);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("Name", name);
        values.put("Metadata", metadata);
        values.put("Endpoints", Map.of(ENDPOINT, endpoint(host, withoutTls)));
        return JsonValues.compact(values);
    }

    /** How {@code inspect} and the file show an endpoint. */
    public static Map<String, Object> endpoint(String host, boolean withoutTls) {
        Map<String, Object> endpoint = new LinkedHashMap<>();
        endpoint.put("Host", host);
        endpoint.put("SkipTLSVerify", false);
        if (withoutTls) {
            endpoint.put("TLS", false);
        }
        return endpoint;
    }

    /** The name in a file; empty if there is none that a context can have. */
    static Optional<String> nameIn(String json) {
        try {
            return JsonValues.parse(json) instanceof Map<?, ?> values
                            && values.get("Name") instanceof String name
                            && name.matches(NAME)
                            && !name.equals(DEFAULT)
                    ? Optional.of(name)
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @param name of the context, whatever the text says
     * @throws Failure if the text is something else
     */
    static DaemonContext parse(String name, String json) {
        try {
            if (JsonValues.parse(json) instanceof Map<?, ?> values
                    && values.get("Endpoints") instanceof Map<?, ?> endpoints
                    && endpoints.get(ENDPOINT) instanceof Map<?, ?> endpoint
                    && endpoint.get("Host") instanceof String host) {
                String description = values.get("Metadata") instanceof Map<?, ?> metadata
                                && metadata.get("Description") instanceof String text
                        ? text
                        : "";
                return new DaemonContext(name, description, host, Boolean.FALSE.equals(endpoint.get("TLS")));
            }
        } catch (IllegalArgumentException malformed) {
            throw Failure.of("the metadata of context \"" + name + "\" is malformed", malformed);
        }
        throw new Failure("the metadata of context \"" + name + "\" names no daemon");
    }
}

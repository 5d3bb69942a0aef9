package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * The name resolution of a container, where it differs from the host's.
 *
 * @param hosts "NAME:ADDRESS"
 * @param servers addresses of name servers, in place of the host's
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record NameResolution(
        List<String> hosts, List<String> servers, List<String> search, List<String> options, String domainName) {

    /** The host's own name resolution. */
    public static final NameResolution DEFAULT = new NameResolution(List.of(), List.of(), List.of(), List.of(), "");

    public NameResolution {
        hosts = List.copyOf(hosts);
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }
}

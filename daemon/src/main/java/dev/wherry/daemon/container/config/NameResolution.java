package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * What a container knows of names beside the host's knowledge.
 *
 * @param hosts "NAME:ADDRESS"
 * @param servers addresses of name servers, in place of the host's
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record NameResolution(
        List<String> hosts, List<String> servers, List<String> search, List<String> options, String domainName) {

    /** What the host knows. */
    public static final NameResolution DEFAULT = new NameResolution(List.of(), List.of(), List.of(), List.of(), "");

    public NameResolution {
        hosts = List.copyOf(hosts);
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }
}

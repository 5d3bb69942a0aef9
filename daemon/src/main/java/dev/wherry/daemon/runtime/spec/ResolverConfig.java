package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code resolv.conf} says, in place of what the host's says; an empty part is the host's.
 *
 * @param servers addresses of name servers
 * @param search domains; one "." for none
 */
public record ResolverConfig(List<String> servers, List<String> search, List<String> options) {

    /** As the host has it. */
    public static final ResolverConfig HOST = new ResolverConfig(List.of(), List.of(), List.of());

    /** @throws InvalidInputException when a server is not an address, or a word has blanks in it */
    public ResolverConfig {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
        for (String server : servers) {
            if (!IpAddresses.isAddress(server)) {
                throw new InvalidInputException(
                        "name server " + server + ": name a server by its address, as 192.0.2.1");
            }
        }
        for (List<String> words : List.of(search, options)) {
            for (String word : words) {
                if (word.isEmpty() || word.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
                    throw new InvalidInputException("\"" + word + "\" is not a word of resolv.conf(5)");
                }
            }
        }
    }

    /** The host's file, changed as asked. */
    public String file(String host) {
        if (equals(HOST)) {
            return host;
        }
        List<String> lines = new ArrayList<>();
        if (!servers.isEmpty()) {
            servers.forEach(server -> lines.add("nameserver " + server));
        }
        if (!search.isEmpty() && !search.equals(List.of("."))) {
            lines.add("search " + String.join(" ", search));
        }
        if (!options.isEmpty()) {
            lines.add("options " + String.join(" ", options));
        }
        for (String line : host.split("\n")) {
            boolean replaced = switch (line.strip().split("\\s", 2)[0]) {
                case "nameserver" -> !servers.isEmpty();
                case "search", "domain" -> !search.isEmpty();
                case "options" -> !options.isEmpty();
                default -> true;
            };
            if (!replaced) {
                lines.add(line);
            }
        }
        return String.join("\n", lines) + "\n";
    }
}

package dev.wherry.daemon.registry.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that the environment names, as curl and Go's programs read it: {@code HTTPS_PROXY} and {@code HTTP_PROXY}
 * by the scheme of the address, {@code NO_PROXY} with the hosts that are reached directly; lower-case names go first.
 * Loopback is always reached directly.
 */
final class EnvironmentProxies extends ProxySelector {

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public List<Proxy> select(URI uri) {
        return isDirect(uri)
                ? List.of(Proxy.NO_PROXY)
                : List.of(proxy(uri)
                        .map(address -> new Proxy(Proxy.Type.HTTP, address))
                        .orElse(Proxy.NO_PROXY));
    }

    /** The value of {@code Proxy-Authorization} for an address, where its proxy wants a name and a password. */
    Optional<String> authorization(URI uri) {
        return isDirect(uri)
                ? Optional.empty()
                : address(variableFor(uri))
                        .flatMap(proxy -> Optional.ofNullable(proxy.getUserInfo()))
                        .map(login ->
                                "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<InetSocketAddress> proxy(URI uri) {
        return address(variableFor(uri))
                .map(address -> InetSocketAddress.createUnresolved(
                        address.getHost(), address.getPort() < 0 ? 80 : address.getPort()));
    }

    private static String variableFor(URI uri) {
        return uri.getScheme().equalsIgnoreCase("https") ? "https_proxy" : "http_proxy";
    }

    private Optional<URI> address(String name) {
        String text = variable(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI address = URI.create(text.contains("://") ? text : "http://" + text);
            return Optional.of(address).filter(proxy -> proxy.getHost() != null);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private boolean isDirect(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (plain.equals("localhost") || plain.startsWith("127.") || plain.equals("::1")) {
            return true;
        }
        return Arrays.stream(variable("no_proxy").split(","))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(entry -> matches(entry, plain, uri.getPort()));
    }

    private static boolean matches(String entry, String host, int port) {
        if (entry.equals("*") || entry.equals(host) || entry.equals(host + ":" + port)) {
            return true;
        }
        String domain = entry.startsWith("*.") ? entry.substring(1) : entry.startsWith(".") ? entry : "." + entry;
        return host.endsWith(domain);
    }

    private String variable(String name) {
        String lower = environment.getOrDefault(name, "");
        return (lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower).strip();
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request that used the proxy says what is wrong.
    }
}

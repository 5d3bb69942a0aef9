package dev.wherry.daemon.registry.transport;

import java.net.URI;
import java.util.Map;

/** A request that can be sent as often as need be. */
public record RegistryRequest(String method, URI uri, Map<String, String> headers, RequestBody body) {

    public static RegistryRequest get(URI uri, Map<String, String> headers) {
        return new RegistryRequest("GET", uri, headers, RequestBody.NONE);
    }

    RegistryRequest to(URI other, Map<String, String> withHeaders) {
        return new RegistryRequest(method, other, withHeaders, body);
    }

    boolean onlyReads() {
        return method.equals("GET") || method.equals("HEAD");
    }
}

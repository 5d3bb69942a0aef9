package dev.wherry.daemon.registry.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {

    private static final EnvironmentProxies PROXIES = new EnvironmentProxies(Map.of(
            "HTTPS_PROXY", "http://ann:pw@proxy.example:3128",
            "http_proxy", "other.example",
            "HTTP_PROXY", "ignored:1",
            "NO_PROXY", "inner.example, .dot.example,exact:5000,10.0.0.1"));

    private static String proxy(String address) {
        Proxy proxy = PROXIES.select(URI.create(address)).getFirst();
        return proxy.address() instanceof InetSocketAddress at ? at.getHostString() + ":" + at.getPort() : "";
    }

    @Test
    void schemeDecides() {
        assertThat(proxy("https://registry.example/v2/")).isEqualTo("proxy.example:3128");
        assertThat(proxy("http://registry.example/v2/")).isEqualTo("other.example:80");
        assertThat(new EnvironmentProxies(Map.of()).select(URI.create("https://a.example/")))
                .containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void someHostsAreReachedDirectly() {
        for (String direct : new String[] {
            "inner.example",
            "a.inner.example",
            "a.dot.example",
            "exact:5000",
            "10.0.0.1",
            "localhost:1",
            "127.3.2.1",
            "[::1]:5"
        }) {
            assertThat(proxy("https://" + direct + "/")).as(direct).isEmpty();
        }
        for (String proxied : new String[] {"notinner.example", "exact:5001", "10.0.0.11"}) {
            assertThat(proxy("https://" + proxied + "/")).as(proxied).isNotEmpty();
        }
    }

    @Test
    void proxyGetsItsOwnLogin() {
        assertThat(PROXIES.authorization(URI.create("https://registry.example/")))
                .contains("Basic YW5uOnB3");
        assertThat(PROXIES.authorization(URI.create("http://registry.example/")))
                .isEmpty();
        assertThat(PROXIES.authorization(URI.create("https://localhost/"))).isEmpty();
    }
}

package dev.wherry.daemon.registry.transport;

import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Sends GET requests. Redirects are followed here and not by the HTTP client, so that what authorizes a request is never
 * shown to another host, and no redirect leads to plain HTTP where that is not allowed.
 */
public final class HttpTransport {

    private static final int MAX_REDIRECTS = 5;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Predicate<String> mayBePlain;
    private final Duration patience;
    private final String remedy;
    private HttpClient client;

    /**
     * @param mayBePlain which hosts, with their ports, may be spoken to without TLS
     * @param patience how long an answer, or the next bytes of one, may take
     * @param remedy what to do about a host that is to be spoken to without TLS and may not be
     */
    public HttpTransport(Predicate<String> mayBePlain, Duration patience, String remedy) {
        this.mayBePlain = mayBePlain;
        this.patience = patience;
        this.remedy = remedy;
    }

    /**
     * The answer to a request, whatever its status.
     *
     * @throws IOException when there is no answer, or it redirects where it must not
     * @throws CancelledException when interrupted
     */
    public RegistryResponse get(URI target, Map<String, String> headers) throws IOException {
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sent.putAll(headers);
        URI uri = target;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            check(uri);
            RegistryResponse answer = send(uri, sent);
            String location = answer.header("Location").orElse(null);
            if (!isRedirect(answer.status()) || location == null) {
                return answer;
            }
            answer.close();
            URI next = resolve(uri, location);
            check(next);
            if (!sameOrigin(uri, next)) {
                sent.remove("Authorization");
            }
            uri = next;
        }
        throw new ProtocolException("it redirects more than " + MAX_REDIRECTS + " times");
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static URI resolve(URI base, String location) throws ProtocolException {
        try {
            return base.resolve(location);
        } catch (IllegalArgumentException malformed) {
            throw new ProtocolException("it redirects to \"" + location + "\", which is no address");
        }
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getAuthority().equalsIgnoreCase(other.getAuthority());
    }

    private void check(URI uri) throws ProtocolException {
        boolean encrypted = "https".equalsIgnoreCase(uri.getScheme());
        boolean plain = "http".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getRawUserInfo() != null || !(encrypted || plain)) {
            throw new ProtocolException("it sends us to \"" + uri + "\", which is no web address");
        }
        if (plain && !mayBePlain.test(uri.getAuthority())) {
            throw new ProtocolException("it sends us to " + uri.getAuthority() + " without encryption: " + remedy);
        }
    }

    private RegistryResponse send(URI uri, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(patience).header("User-Agent", "wherry");
        headers.forEach(request::header);
        if (uri.getScheme().equalsIgnoreCase("http")) {
            request.version(HttpClient.Version.HTTP_1_1);
        }
        try {
            HttpResponse<InputStream> response = client().send(request.build(), BodyHandlers.ofInputStream());
            return new RegistryResponse(
                    response.statusCode(), response.headers(), new StallGuard(response.body(), patience));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while waiting for " + uri.getAuthority(), interrupted);
        }
    }

    /** Made at the first use: a daemon that never pulls need not pay for it. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        }
        return client;
    }
}

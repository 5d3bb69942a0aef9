package dev.wherry.daemon.registry.transport;

import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Sends requests. Redirects are followed here and not by the HTTP client, so that what authorizes a request is never
 * shown to another host, and no redirect leads to plain HTTP where that is not allowed.
 */
public final class HttpTransport {

    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

    private static final int MAX_REDIRECTS = 5;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** How many times longer than usual the answer to a body may take. */
    private static final int DIGESTION = 10;

    private final Predicate<String> mayBePlain;
    private final Duration patience;
    private final String remedy;
    private final Function<String, Optional<SSLContext>> certificates;
    private final EnvironmentProxies proxies = new EnvironmentProxies(System.getenv());

    /** Clients of hosts that have certificates of their own. */
    private final Map<String, Optional<HttpClient>> own = new ConcurrentHashMap<>();

    private HttpClient client;

    /**
     * @param mayBePlain which hosts, with their ports, may be spoken to without TLS
     * @param patience how long an answer, or the next bytes of one, may take
     * @param remedy what to do about a host that is to be spoken to without TLS and may not be
     */
    public HttpTransport(Predicate<String> mayBePlain, Duration patience, String remedy) {
        this(mayBePlain, patience, remedy, _ -> Optional.empty());
    }

    private HttpTransport(
            Predicate<String> mayBePlain,
            Duration patience,
            String remedy,
            Function<String, Optional<SSLContext>> certificates) {
        this.mayBePlain = mayBePlain;
        this.patience = patience;
        this.remedy = remedy;
        this.certificates = certificates;
    }

    /**
     * The same, with certificates by host.
     *
     * @param folders asked for each host's folder when it is first spoken to
     */
    public HttpTransport withCertificates(Supplier<Path> folders) {
        return new HttpTransport(
                mayBePlain, patience, remedy, authority -> HostCertificates.of(folders.get(), authority));
    }

    /** Reads certificates again when they are next needed. */
    public void forgetCertificates() {
        own.clear();
    }

    /** As {@link #send}, for a GET request. */
    public RegistryResponse get(URI target, Map<String, String> headers) throws IOException {
        return send(RegistryRequest.get(target, headers));
    }

    /**
     * The answer to a request, whatever its status.
     *
     * @throws IOException when there is no answer, or it redirects where it must not
     * @throws CancelledException when interrupted
     */
    public RegistryResponse send(RegistryRequest request) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        URI uri = request.uri();
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            check(uri);
            RegistryResponse answer = exchange(request.to(uri, headers));
            String location = answer.header("Location").orElse(null);
            if (!isRedirect(answer.status()) || location == null) {
                return answer;
            }
            answer.close();
            // Only these two keep method and body (RFC 9110, "Redirection 3xx").
            if (!request.onlyReads() && answer.status() != 307 && answer.status() != 308) {
                throw new ProtocolException("it redirects what should change something, by status " + answer.status());
            }
            URI next = resolve(uri, location);
            check(next);
            if (!sameOrigin(uri, next)) {
                headers.remove("Authorization");
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

    /** Whether two addresses are of one server. */
    public static boolean sameOrigin(URI one, URI other) {
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

    private RegistryResponse exchange(RegistryRequest request) throws IOException {
        URI uri = request.uri();
        BodyProgress body = new BodyProgress(request.body());
        HttpRequest.Builder built = HttpRequest.newBuilder(uri)
                .header("User-Agent", "wherry")
                .method(request.method(), request.onlyReads() ? BodyPublishers.noBody() : body.publisher());
        request.headers().forEach(built::header);
        proxies.authorization(uri).ifPresent(login -> built.header("Proxy-Authorization", login));
        if (uri.getScheme().equalsIgnoreCase("http")) {
            built.version(HttpClient.Version.HTTP_1_1);
        }
        CompletableFuture<HttpResponse<InputStream>> pending =
                client(uri).sendAsync(built.build(), BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = await(pending, body);
            return new RegistryResponse(
                    response.statusCode(), response.headers(), new StallGuard(response.body(), patience));
        } catch (InterruptedException interrupted) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while waiting for " + uri.getAuthority(), interrupted);
        }
    }

    /** Waits as long as the body moves. A server may look longer at a whole body than it may take for anything else. */
    private HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> pending, BodyProgress body)
            throws IOException, InterruptedException {
        for (long before = -1; ; ) {
            try {
                Duration wait = body.sent() > 0 && body.isComplete() ? patience.multipliedBy(DIGESTION) : patience;
                return pending.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                if (body.sent() == Math.max(before, 0)) {
                    pending.cancel(true);
                    throw (IOException) new HttpTimeoutException("it does not answer in time").initCause(late);
                }
                before = body.sent();
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof IOException known ? known : new IOException(failure.getCause());
            }
        }
    }

    private HttpClient client(URI uri) {
        boolean encrypted = uri.getScheme().equalsIgnoreCase("https");
        Optional<HttpClient> special = encrypted
                ? own.computeIfAbsent(
                        uri.getAuthority(), host -> certificates.apply(host).map(this::build))
                : Optional.empty();
        return special.orElseGet(this::usual);
    }

    /** Made at the first use: a daemon that never pulls need not pay for it. */
    private synchronized HttpClient usual() {
        if (client == null) {
            client = build(null);
        }
        return client;
    }

    private HttpClient build(SSLContext context) {
        // A proxy that wants a password gets it also for what is tunnelled; the JDK forbids that unless told otherwise,
        // and
        // asks when its client is first used. An initializer of this class would run when the executable is compiled.
        if (System.getProperty(TUNNELING) == null) {
            System.setProperty(TUNNELING, "");
        }
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .proxy(proxies)
                .followRedirects(HttpClient.Redirect.NEVER);
        return (context == null ? builder : builder.sslContext(context)).build();
    }
}

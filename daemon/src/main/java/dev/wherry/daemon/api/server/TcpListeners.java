package dev.wherry.daemon.api.server;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The daemon's TCP side: the same services as on the unix socket, for clients that show a certificate by TLS 1.3. What the
 * server of the unix socket allows its clients holds here too, since its options are copied; {@link TcpConnections} adds
 * what strangers make necessary. On loopback there may be listeners without TLS.
 *
 * <p>The files of TLS are read again when they change. New connections then get what they hold; connections that are open
 * stay, except those whose certificate is revoked. Files with a mistake change nothing.
 */
@Singleton
public final class TcpListeners implements HttpServerOptionsCustomizer, TlsExpiry {

    private static final Logger LOG = Logger.getLogger(TcpListeners.class);

    /** The transport gets to see a copy of the options that keeps little; where a server listens, it is told apart. */
    private static final String MARK = "clients of wherryd";

    private static final String RELAY_MARK = "relay of wherryd";

    private static final String CRI_MARK = "kubelet of wherryd";

    private static final String DOCKER_MARK = "clients of docker";

    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final Duration ROUND = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Vertx vertx;
    private final TcpConnections connections;
    private final Handler<HttpServerRequest> handler;
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<HttpServer> secure = new ArrayList<>();
    private final List<String> insecure = new ArrayList<>();
    private HttpServerOptions unixSocket = new HttpServerOptions();
    private TlsFiles files;
    private TlsMaterial material;
    private List<String> used = List.of();
    private List<String> seen = List.of();
    private LocalDate told = LocalDate.MIN;
    private Thread rounds;
    private volatile Path relay;

    @Inject
    TcpListeners(Vertx vertx) {
        this(vertx, request -> VertxHttpRecorder.getRootHandler().handle(request));
    }

    TcpListeners(Vertx vertx, Handler<HttpServerRequest> handler) {
        this.vertx = vertx;
        this.handler = handler;
        this.connections = ((UnixSocketTransport) ((VertxInternal) vertx).transport()).tcpConnections();
    }

    @Override
    public void customizeDomainSocketServer(HttpServerOptions options) {
        unixSocket = new HttpServerOptions(options);
    }

    /** Whether a server is one of these; the process may have others, such as that of metrics. */
    static boolean isForClients(NetServerOptions options) {
        return MARK.equals(options.getHost());
    }

    /** Whether a server serves Docker's API by TCP. */
    static boolean isForDocker(NetServerOptions options) {
        return DOCKER_MARK.equals(options.getHost());
    }

    /** Whether a server is the relay, where the first daemon hands over connections. */
    static boolean isRelay(NetServerOptions options) {
        return RELAY_MARK.equals(options.getHost());
    }

    /** Whether a server is the one for a kubelet. */
    static boolean isCri(NetServerOptions options) {
        return CRI_MARK.equals(options.getHost());
    }

    /**
     * Begins to listen for a kubelet, which gets the services of CRI alone.
     *
     * @throws HostException when it cannot listen there
     */
    public void openCri(Path socket) {
        lock.lock();
        try {
            HttpServer server =
                    vertx.createHttpServer(plainOptions().setHost(CRI_MARK)).requestHandler(this::handle);
            await(server.listen(SocketAddress.domainSocketAddress(socket.toString())));
            servers.add(server);
        } catch (CompletionException failure) {
            throw new HostException(
                    "cannot listen on " + socket + ": " + failure.getCause().getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins to take connections that are handed over with a word on who is at the other end: by the first daemon to that of a
     * namespace, and by this daemon itself when a client came by another protocol.
     *
     * @throws HostException when it cannot listen there
     */
    public void openRelay(Path socket) {
        lock.lock();
        try {
            // A killed daemon leaves it.
            Files.deleteIfExists(socket);
            HttpServer server =
                    vertx.createHttpServer(plainOptions().setHost(RELAY_MARK)).requestHandler(this::handle);
            await(server.listen(SocketAddress.domainSocketAddress(socket.toString())));
            servers.add(server);
            relay = socket;
            beginRounds();
        } catch (IOException failure) {
            throw new HostException("cannot listen on " + socket + ": " + failure.getMessage(), failure);
        } catch (CompletionException failure) {
            throw new HostException(
                    "cannot listen on " + socket + ": " + failure.getCause().getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }

    /** A new connection to the relay of this daemon, which takes it for one of the peer. */
    public SocketChannel handOver(Peer peer) throws IOException {
        return handOver(peer, relay);
    }

    /** A new connection to a relay, which takes it for one of the peer. */
    public static SocketChannel handOver(Peer peer, Path relay) throws IOException {
        SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(relay));
        try {
            ByteBuffer preamble = PeerPreamble.of(peer).nioBuffer();
            while (preamble.hasRemaining()) {
                connection.write(preamble);
            }
            return connection;
        } catch (IOException failure) {
            connection.close();
            throw failure;
        }
    }

    /**
     * Begins to listen.
     *
     * @return the addresses, as {@code tcp://HOST:PORT}
     * @throws InvalidInputException when a file of TLS is missing or wrong
     * @throws HostException when an address cannot be had
     */
    public List<String> open(TcpSettings settings) {
        return open(settings, plainOptions(), server -> server.requestHandler(this::handle));
    }

    /**
     * Begins to listen for clients of Docker's API, always with TLS. Their connections are handed over once they are known.
     *
     * @param options of that API's own server
     * @param serving gives each server its handlers, for those that cannot be handed over
     */
    public List<String> openDocker(TcpSettings settings, HttpServerOptions options, Consumer<HttpServer> serving) {
        HttpServerOptions base = new HttpServerOptions(options)
                .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
                .setHost(DOCKER_MARK);
        return open(settings, base, serving);
    }

    private List<String> open(TcpSettings settings, HttpServerOptions base, Consumer<HttpServer> serving) {
        List<String> opened = new ArrayList<>();
        lock.lock();
        try {
            for (InetSocketAddress wanted : settings.addresses()) {
                InetAddress host = resolve(wanted);
                boolean plain = settings.insecureLoopback() && host.isLoopbackAddress();
                if (!plain && material == null) {
                    files = settings.files();
                    used = files.state();
                    seen = used;
                    material = TlsMaterial.load(files, vertx);
                }
                int port = listen(plain ? base : secure(base, material), host, wanted, serving);
                String address = text(wanted.getHostString(), port);
                opened.add(address);
                if (plain) {
                    insecure.add(address);
                }
            }
        } finally {
            lock.unlock();
        }
        warnings().forEach(LOG::warn);
        told = LocalDate.now(ZoneOffset.UTC);
        if (!opened.isEmpty()) {
            beginRounds();
        }
        return opened;
    }

    private void beginRounds() {
        lock.lock();
        try {
            if (rounds == null) {
                rounds = Background.start("tcp listeners", this::watch);
            }
        } finally {
            lock.unlock();
        }
    }

    private static InetAddress resolve(InetSocketAddress wanted) {
        try {
            return InetAddress.getByName(wanted.getHostString());
        } catch (UnknownHostException unknown) {
            throw new HostException(
                    "cannot listen on " + text(wanted.getHostString(), wanted.getPort()) + ": no such host", unknown);
        }
    }

    private static String text(String host, int port) {
        return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** A server has one thread for its connections; several that listen on one address share them out. */
    private int listen(
            HttpServerOptions options, InetAddress host, InetSocketAddress wanted, Consumer<HttpServer> serving) {
        int threads = wanted.getPort() == 0 ? 1 : Runtime.getRuntime().availableProcessors();
        int port = wanted.getPort();
        for (int i = 0; i < threads; i++) {
            HttpServer server = vertx.createHttpServer(options);
            serving.accept(server);
            try {
                port = await(server.listen(port, host.getHostAddress())).actualPort();
            } catch (CompletionException failure) {
                throw new HostException(
                        "cannot listen on " + text(wanted.getHostString(), wanted.getPort()) + ": "
                                + failure.getCause().getMessage(),
                        failure);
            }
            servers.add(server);
            if (i == 0 && options.isSsl()) {
                secure.add(server);
            }
        }
        return port;
    }

    /** What a browser can send speaks HTTP/1.1: no page that somebody looks at may reach the daemon. */
    private void handle(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            handler.handle(request);
        } else {
            request.connection().close();
        }
    }

    private HttpServerOptions plainOptions() {
        return new HttpServerOptions(unixSocket)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2))
                .setHost(MARK)
                .setIdleTimeout(0);
    }

    private static HttpServerOptions secure(HttpServerOptions base, TlsMaterial material) {
        return new HttpServerOptions(base)
                .setSsl(true)
                .setUseAlpn(true)
                .setClientAuth(ClientAuth.REQUIRED)
                // Handshakes of strangers must not keep the threads of calls busy.
                .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setKeyCertOptions(material.key())
                .setTrustOptions(TrustOptions.wrap(material.trust()))
                .setSslHandshakeTimeout(HANDSHAKE.toSeconds())
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }

    /** Uses these files from now on, or reads the same ones again; with a mistake in them, all stays as it is. */
    public void use(TlsFiles wanted) {
        lock.lock();
        try {
            if (material != null) {
                files = wanted;
                renew();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads the files again if they have changed and their writer is done: they are as they were a round before. */
    void renewIfChanged() {
        lock.lock();
        try {
            if (material == null) {
                return;
            }
            List<String> now = files.state();
            if (!now.equals(used) && now.equals(seen)) {
                renew();
            }
            seen = now;
        } finally {
            lock.unlock();
        }
    }

    private void renew() {
        used = files.state();
        try {
            TlsMaterial renewed = TlsMaterial.load(files, vertx);
            SSLOptions options = new SSLOptions(secure(plainOptions(), renewed).getSslOptions());
            for (HttpServer server : secure) {
                await(server.updateSSLOptions(options, true));
            }
            material = renewed;
            connections.check(renewed.trust());
            LOG.infof("read the files of TLS again: %s", files.certificate().getParent());
        } catch (InvalidInputException | HostException mistake) {
            LOG.errorf("%s; TLS stays as it was", mistake.getMessage());
        } catch (CompletionException failure) {
            LOG.errorf("the files of TLS cannot be used: %s; TLS stays as it was", failure.getCause());
        }
    }

    /** A sentence for each thing about these listeners that somebody should mend. */
    public List<String> warnings() {
        lock.lock();
        try {
            return Stream.concat(
                            insecure.stream()
                                    .map(address -> "everybody on this host can use the daemon by " + address
                                            + ", which has no TLS"),
                            material == null ? Stream.of() : material.expiring(Instant.now()).stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Instant> first(TlsPart part) {
        lock.lock();
        try {
            return material == null
                    ? Optional.empty()
                    : material.expiries().stream()
                            .filter(one -> one.part() == part)
                            .map(TlsMaterial.Expiry::end)
                            .min(Comparator.naturalOrder());
        } finally {
            lock.unlock();
        }
    }

    private void watch() throws InterruptedException {
        while (true) {
            Thread.sleep(ROUND);
            connections.sweep();
            renewIfChanged();
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            if (today.isAfter(told)) {
                told = today;
                warnings().forEach(LOG::warn);
            }
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    void close(@Observes ShutdownEvent stop) {
        close();
    }

    void close() {
        lock.lock();
        try {
            if (rounds != null) {
                rounds.interrupt();
            }
            servers.forEach(HttpServer::close);
            servers.clear();
            secure.clear();
        } finally {
            lock.unlock();
        }
    }
}

package dev.wherry.daemon.api.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * All TCP connections, and how many there may be. Anybody can open one, so those whose handshake is not over are few, and
 * the oldest makes room for the next: an honest client is through in milliseconds, whoever only holds connections open
 * loses them. A peer that has proved who it is has a share, so that none can take all.
 */
final class TcpConnections {

    private static final Logger LOG = Logger.getLogger(TcpConnections.class);

    /** Limits. */
    record Limits(int handshakes, int each, int all) {}

    static final Limits LIMITS = new Limits(256, 512, 2048);

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<TcpConnection> beginning = new LinkedHashSet<>();
    private final Map<TcpConnection, String> established = new HashMap<>();
    private final Map<String, Integer> shares = new HashMap<>();
    private final RefusalLog refusals;
    private final Limits limits;
    private final LongSupplier clock;
    private volatile Splice.Route route = Splice.Route.HERE;
    private volatile Splice.Route dockerRoute = Splice.Route.HERE;

    TcpConnections() {
        this(LIMITS, new RefusalLog(LOG::warn, System::nanoTime), System::nanoTime);
    }

    TcpConnections(Limits limits, RefusalLog refusals, LongSupplier clock) {
        this.limits = limits;
        this.refusals = refusals;
        this.clock = clock;
    }

    long now() {
        return clock.getAsLong();
    }

    /** For a server's channel: takes in each connection before anything else handles it. */
    ChannelInboundHandlerAdapter acceptor() {
        return acceptor(this::elsewhere);
    }

    /** As above, for connections on which Docker's API is spoken. */
    ChannelInboundHandlerAdapter dockerAcceptor() {
        return acceptor(peer -> dockerRoute.of(peer));
    }

    private ChannelInboundHandlerAdapter acceptor(Splice.Route way) {
        return new ChannelInboundHandlerAdapter() {
            /** @param connection as {@link ServerChannel} emits it */
            @Override
            public void channelRead(ChannelHandlerContext context, Object connection) {
                accept((Channel) connection, way);
                context.fireChannelRead(connection);
            }
        };
    }

    private void accept(Channel channel, Splice.Route way) {
        TcpConnection connection = new TcpConnection(this, channel, way);
        channel.pipeline().addFirst(connection);
        Optional<TcpConnection> oldest = Optional.empty();
        lock.lock();
        try {
            if (beginning.size() >= limits.handshakes()) {
                oldest = beginning.stream().findFirst();
                oldest.ifPresent(beginning::remove);
            }
            beginning.add(connection);
        } finally {
            lock.unlock();
        }
        oldest.ifPresent(one -> one.channel()
                .eventLoop()
                .execute(() ->
                        one.refuse("it was the oldest of too many connections that did not finish their handshake")));
    }

    /** From now on connections go where this says, also those of unix sockets. */
    void handOver(Splice.Route elsewhere) {
        route = elsewhere;
    }

    /** The same of connections on which Docker's API is spoken. */
    void handOverDocker(Splice.Route elsewhere) {
        dockerRoute = elsewhere;
    }

    /** The daemon that a peer's connections are handed over to; empty when they stay here. */
    Optional<Splice.Daemon> elsewhere(Peer peer) {
        return route.of(peer);
    }

    /** Takes in a connection that another daemon hands over, and whose peer it has found out. */
    void handedOver(ChannelHandlerContext before, Peer peer) {
        Optional<InetSocketAddress> address = switch (peer) {
            case Peer.LocalUser _ -> Optional.empty();
            case Peer.Certificate certificate -> Optional.of(new InetSocketAddress(certificate.from(), 0));
            case Peer.Loopback loopback -> Optional.of(loopback.from());
        };
        address.ifPresent(from -> {
            TcpConnection connection = new TcpConnection(this, before.channel(), from, this::elsewhere);
            before.pipeline().addAfter(before.name(), null, connection);
            lock.lock();
            try {
                beginning.add(connection);
            } finally {
                lock.unlock();
            }
            connection.takeOver(peer);
        });
    }

    /** A peer is known; says why it has too many connections, if so. */
    Optional<String> established(TcpConnection connection, Peer peer) {
        String owner = switch (peer) {
            case Peer.Certificate certificate -> ClientTrust.printable(certificate.subject());
            default -> "loopback";
        };
        lock.lock();
        try {
            if (!beginning.remove(connection)) {
                // It made room for another, and is about to learn that.
                return Optional.empty();
            }
            if (established.size() >= limits.all()) {
                return Optional.of("there are " + established.size() + " connections already");
            }
            int share = shares.getOrDefault(owner, 0);
            if (share >= limits.each()) {
                return Optional.of(owner + " has " + share + " connections already");
            }
            established.put(connection, owner);
            shares.put(owner, share + 1);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    void ended(TcpConnection connection) {
        lock.lock();
        try {
            beginning.remove(connection);
            String owner = established.remove(connection);
            if (owner != null) {
                shares.computeIfPresent(owner, (same, count) -> count == 1 ? null : count - 1);
            }
        } finally {
            lock.unlock();
        }
    }

    void refused(TcpConnection connection, String reason) {
        refusals.refused(connection.address(), reason);
    }

    /** How many there are, with those that only begin. */
    int count() {
        return all().size();
    }

    private List<TcpConnection> all() {
        lock.lock();
        try {
            return Stream.concat(beginning.stream(), established.keySet().stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Ends what is of no use; to be called every few seconds. */
    void sweep() {
        refusals.tellUntold();
        all().forEach(one -> one.channel().eventLoop().execute(one::check));
    }

    /** Ends connections whose certificate has been revoked or has expired. */
    void check(ClientTrust trust) {
        all().forEach(one -> one.channel().eventLoop().execute(() -> one.check(trust)));
    }
}

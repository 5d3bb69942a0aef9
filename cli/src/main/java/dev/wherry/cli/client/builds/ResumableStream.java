package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildAcknowledgement;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.BuildSession;
import dev.wherry.v1.ResumeBuild;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests and events of one build, over one connection after another when the daemon can take a build up again:
 * {@link BuildSession} says how. One thread reads, any may send. Without such a session it is the one call that it begins
 * with.
 */
final class ResumableStream {
    /** What a message counts besides its content. */
    private static final int OVERHEAD = 256;

    /** What is received before it is acknowledged. */
    private static final long ACKNOWLEDGE_AFTER = 256 << 10;

    /** How long a loss is nothing to speak of. */
    private static final Duration UNSPOKEN = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** How long the daemon may take to answer on a new connection. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final BuildConnection.Calls calls;
    private final LostConnection display;
    private final String host;

    /** Held while something is sent: one message at a time, in order. Taken before the other one. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What is not acknowledged. */
    private final Deque<BuildRequest> kept = new ArrayDeque<>();

    /** What of it the present connection has not taken. */
    private final Deque<BuildRequest> unsent = new ArrayDeque<>();

    private volatile BuildConnection connection;

    /** Whether this side has ended the build. */
    private volatile boolean ended;

    /** Whether the build has ended by itself, or its connection is lost for good. */
    private volatile boolean over;

    private volatile ByteString token;
    private Duration patience = Duration.ZERO;
    private long window;
    private volatile boolean connected = true;
    private long acknowledged;
    private long keptCost;
    private long received;
    private long unacknowledgedCost;

    /** @param host as people call it */
    ResumableStream(BuildConnection.Calls calls, String host, LostConnection display) {
        this.calls = calls;
        this.host = host;
        this.display = display;
        this.connection = calls.first();
    }

    /** Sends the options, before all else. */
    void begin(BuildRequest options) throws InterruptedException, StatusException {
        connection.write(options);
    }

    /**
     * Waits for the next event; {@code null} at the end.
     *
     * @throws StatusException when the build has failed, or its connection is lost for good
     */
    BuildEvent read() throws InterruptedException, StatusException {
        try {
            BuildEvent event = next();
            over = event == null;
            return event;
        } catch (StatusException failure) {
            over = true;
            throw failure;
        }
    }

    private BuildEvent next() throws InterruptedException, StatusException {
        while (true) {
            BuildEvent event;
            try {
                event = connection.read();
            } catch (StatusException failure) {
                if (token == null || ended || !CallFailures.isTransport(failure)) {
                    throw failure;
                }
                connectAgain(failure);
                continue;
            }
            if (event == null) {
                return null;
            }
            switch (event.getEventCase()) {
                case SESSION -> begin(event.getSession());
                case ACKNOWLEDGEMENT -> acknowledged(event.getAcknowledgement().getReceived());
                case RESUMED -> {}
                default -> {
                    received(event);
                    return event;
                }
            }
        }
    }

    private void begin(BuildSession session) {
        lock.lock();
        try {
            token = session.getToken();
            patience = Duration.ofSeconds(session.getPatienceSeconds());
            window = session.getWindowBytes();
        } finally {
            lock.unlock();
        }
    }

    private static long cost(MessageLite message) {
        return message.getSerializedSize() + OVERHEAD;
    }

    private void received(BuildEvent event) {
        if (token == null) {
            return;
        }
        boolean due;
        lock.lock();
        try {
            received++;
            unacknowledgedCost += cost(event);
            due = unacknowledgedCost >= ACKNOWLEDGE_AFTER;
        } finally {
            lock.unlock();
        }
        if (due) {
            flushBeside();
        }
    }

    private void acknowledged(long count) {
        lock.lock();
        try {
            for (; acknowledged < count && !kept.isEmpty(); acknowledged++) {
                keptCost -= cost(kept.remove());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a request, or keeps it for the next connection.
     *
     * @throws InterruptedException when the call has ended, of which its reader knows the reason
     */
    void send(BuildRequest request) throws InterruptedException, StatusException {
        if (token == null) {
            writing.lockInterruptibly();
            try {
                if (connection.write(request)) {
                    return;
                }
            } finally {
                writing.unlock();
            }
            throw new InterruptedException("the call has ended");
        }
        lock.lockInterruptibly();
        try {
            while (keptCost >= window && !ended) {
                changed.await();
            }
            if (ended) {
                throw new InterruptedException("the call has ended");
            }
            kept.add(request);
            unsent.add(request);
            keptCost += cost(request);
        } finally {
            lock.unlock();
        }
        flush();
    }

    /**
     * The reader must not wait for the connection to take something: of a call that the daemon has ended it takes nothing, but
     * tells so after its last event only.
     */
    private void flushBeside() {
        Thread.ofVirtual().name("requests").start(() -> {
            try {
                flush();
            } catch (InterruptedException end) {
                // The build has ended.
            }
        });
    }

    /** Sends what there is to send, if there is a connection; whoever reads from it learns why it takes no more. */
    private void flush() throws InterruptedException {
        writing.lockInterruptibly();
        try {
            for (Outgoing next = outgoing(); next != null; next = outgoing()) {
                if (written(next)) {
                    sent(next);
                } else {
                    lost(next.to());
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private record Outgoing(BuildConnection to, BuildRequest request) {}

    private static boolean written(Outgoing message) throws InterruptedException {
        try {
            return message.to().write(message.request());
        } catch (StatusException lost) {
            return false;
        }
    }

    /** {@code null} when there is nothing to send, or no connection. */
    private Outgoing outgoing() {
        lock.lock();
        try {
            BuildRequest next = unacknowledgedCost < ACKNOWLEDGE_AFTER
                    ? unsent.peek()
                    : BuildRequest.newBuilder()
                            .setAcknowledgement(
                                    BuildAcknowledgement.newBuilder().setReceived(received))
                            .build();
            return connected && next != null ? new Outgoing(connection, next) : null;
        } finally {
            lock.unlock();
        }
    }

    private void sent(Outgoing message) {
        lock.lock();
        try {
            if (message.to() != connection) {
                return;
            }
            if (message.request().hasAcknowledgement()) {
                unacknowledgedCost = 0;
            } else {
                unsent.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private void lost(BuildConnection gone) {
        lock.lock();
        try {
            connected = connected && gone != connection;
        } finally {
            lock.unlock();
        }
    }

    private void connectAgain(StatusException loss) throws InterruptedException, StatusException {
        lost(connection);
        long end = System.nanoTime() + patience.toNanos();
        try (LossReport report = new LossReport(display, host, UNSPOKEN, end)) {
            StatusException last = loss;
            for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
                try {
                    if (resumed()) {
                        report.connected();
                        return;
                    }
                } catch (StatusException failure) {
                    last = failure;
                    if (!CallFailures.isPassing(failure)) {
                        throw failure;
                    }
                } catch (Failure unknownHost) {
                    // Without a network there are no names.
                }
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (ended || !left.isPositive()) {
                    throw last;
                }
                Thread.sleep(pause.compareTo(left) < 0 ? pause : left);
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** Whether the build is taken up by a new connection. */
    private boolean resumed() throws InterruptedException, StatusException {
        BuildConnection another = calls.again();
        lock.lock();
        try {
            connection = another;
        } finally {
            lock.unlock();
        }
        if (ended) {
            another.cancel("ended", null);
            return false;
        }
        try {
            boolean taken = another.write(
                    BuildRequest.newBuilder()
                            .setResume(ResumeBuild.newBuilder().setToken(token).setReceived(received))
                            .build(),
                    ANSWER);
            BuildEvent answer = another.read(ANSWER);
            if (taken && answer != null && answer.hasResumed()) {
                sendAgain(answer.getResumed().getReceived());
                return true;
            }
        } catch (TimeoutException silent) {
            // As if there were no connection.
        }
        another.cancel("silent", null);
        return false;
    }

    private void sendAgain(long arrived) {
        lock.lock();
        try {
            unacknowledgedCost = 0;
            unsent.clear();
            long place = acknowledged;
            for (BuildRequest request : kept) {
                if (place++ >= arrived) {
                    unsent.add(request);
                }
            }
            connected = true;
        } finally {
            lock.unlock();
        }
        flushBeside();
    }

    /** Ends the build unless it has ended; returns when the daemon knows, if it can be told. */
    void cancel(String why, Throwable cause) {
        ended = true;
        // Also frees whoever waits to send.
        connection.cancel(why, cause);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        // A process that ended now could take the news with it, and the build would wait for another connection.
        if (token != null && connected && !over) {
            calls.awaitCancelled();
        }
    }
}

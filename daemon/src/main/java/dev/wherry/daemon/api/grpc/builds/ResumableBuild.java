package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.BuildAcknowledgement;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.BuildResumed;
import dev.wherry.v1.BuildSession;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The conversation of a build with its client, over one connection after another. The build runs on a thread of its own and
 * sees one stream of requests and one of events. Without a connection it goes on until it needs the client; when no other
 * connection comes in time, it is cancelled. See {@link BuildSession} for the protocol.
 *
 * <p>What arrives is taken from the connection at once, whether or not the build wants it: an acknowledgement must never
 * wait behind requests. What the client may send ahead is bounded by what the build has taken.
 */
final class ResumableBuild {

    /** What a client may have sent that the build has not taken, when it sends more. */
    static final long WINDOW = 2 << 20;

    /** The last message that was sent before the window was full. */
    private static final long LARGEST = 512 << 10;

    /** What arrives before it is acknowledged. */
    private static final long ACKNOWLEDGE_AFTER = 256 << 10;

    private final ByteString token;
    private final String owner;
    private final ResumableBuilds builds;

    /** Held while something is sent: one message at a time, in order. Taken before the other one. */
    private final ReentrantLock sending = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SentEvents events = new SentEvents();
    private final Deque<BuildRequest> requests = new ArrayDeque<>();
    private long arrived;
    private long taken;
    private long waitingCost;
    private long unacknowledgedCost;
    private boolean noMoreRequests;

    /** The present connection, and what it says first; empty once that was said. */
    private BuildLink link;

    private Optional<BuildEvent> opening = Optional.empty();
    private boolean cancelled;
    private boolean over;
    private Optional<Throwable> failure = Optional.empty();
    private Thread work;

    ResumableBuild(ByteString token, String owner, ResumableBuilds builds) {
        this.token = token;
        this.owner = owner;
        this.builds = builds;
    }

    ByteString token() {
        return token;
    }

    String owner() {
        return owner;
    }

    /** What is kept for the client, in bytes. */
    long cost() {
        lock.lock();
        try {
            return events.cost();
        } finally {
            lock.unlock();
        }
    }

    /** @param thread of the build, which is interrupted when the build is to end */
    void runsOn(Thread thread) {
        lock.lock();
        try {
            work = thread;
        } finally {
            lock.unlock();
        }
    }

    /** For the build: its next request, as of {@link BuildLink#next}. */
    Optional<BuildRequest> next() throws InterruptedException {
        BuildRequest request;
        boolean tell;
        lock.lockInterruptibly();
        try {
            while (requests.isEmpty() && !noMoreRequests && !cancelled) {
                changed.await();
            }
            throwIfCancelled();
            if (requests.isEmpty()) {
                return Optional.empty();
            }
            request = requests.remove();
            long cost = SentEvents.cost(request);
            taken++;
            waitingCost -= cost;
            unacknowledgedCost += cost;
            tell = unacknowledgedCost >= ACKNOWLEDGE_AFTER;
        } finally {
            lock.unlock();
        }
        if (tell) {
            flush();
        }
        return Optional.of(request);
    }

    /** For the build: sends an event, and waits while the client has much to acknowledge. */
    void send(BuildEvent event) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (events.isFull() && !cancelled) {
                changed.await();
            }
            throwIfCancelled();
            events.add(event);
        } finally {
            lock.unlock();
        }
        flush();
    }

    private void throwIfCancelled() {
        if (cancelled) {
            throw new CancelledException("the client went away");
        }
    }

    /** @param acknowledged what an acknowledgement is for */
    private record Outgoing(BuildLink link, BuildEvent event, long acknowledged) {}

    /** Sends what there is to send, if there is a connection. */
    private void flush() throws InterruptedException {
        sending.lockInterruptibly();
        try {
            for (Optional<Outgoing> next = outgoing(); next.isPresent(); next = outgoing()) {
                Outgoing message = next.get();
                try {
                    message.link().send(message.event());
                    sent(message);
                } catch (CancelledException gone) {
                    // Whoever reads from this connection learns the same, and why.
                    leave(message.link());
                }
            }
        } finally {
            sending.unlock();
        }
    }

    private Optional<Outgoing> outgoing() {
        lock.lock();
        try {
            return link == null
                    ? Optional.empty()
                    : opening.or(this::acknowledgement)
                            .or(events::next)
                            .map(event -> new Outgoing(link, event, unacknowledgedCost));
        } finally {
            lock.unlock();
        }
    }

    private Optional<BuildEvent> acknowledgement() {
        return unacknowledgedCost < ACKNOWLEDGE_AFTER
                ? Optional.empty()
                : Optional.of(BuildEvent.newBuilder()
                        .setAcknowledgement(BuildAcknowledgement.newBuilder().setReceived(taken))
                        .build());
    }

    private void sent(Outgoing message) {
        lock.lock();
        try {
            if (message.link() != link) {
                return;
            }
            switch (message.event().getEventCase()) {
                case SESSION, RESUMED -> opening = Optional.empty();
                case ACKNOWLEDGEMENT -> unacknowledgedCost -= message.acknowledged();
                default -> events.sent();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Carries a new build over its first connection, until the build or the connection ends.
     *
     * @throws Exception what the build threw, and {@link CancelledException} when the client went away
     */
    void begin(BuildLink first) throws Exception {
        lock.lock();
        try {
            link = first;
            opening = Optional.of(BuildEvent.newBuilder()
                    .setSession(BuildSession.newBuilder()
                            .setToken(token)
                            .setPatienceSeconds((int) builds.patience().toSeconds())
                            .setWindowBytes(WINDOW))
                    .build());
        } finally {
            lock.unlock();
        }
        carry(first);
    }

    /**
     * Carries the build over another connection, in place of one that may seem to be there still.
     *
     * @param received how many events the client has
     * @throws Exception as of {@link #begin}
     */
    void resume(BuildLink another, long received) throws Exception {
        lock.lock();
        try {
            throwIfCancelled();
            events.goOn(received);
            if (link != null) {
                link.replaced();
            }
            link = another;
            opening = Optional.of(BuildEvent.newBuilder()
                    .setResumed(BuildResumed.newBuilder().setReceived(arrived))
                    .build());
            // The last one may have been lost, and the client may wait for it.
            unacknowledgedCost = Math.max(unacknowledgedCost, ACKNOWLEDGE_AFTER);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        carry(another);
    }

    private void carry(BuildLink over) throws Exception {
        try {
            // Both sides may have much to send again: neither must wait for the other one to read first.
            Thread sender = Background.start("build events", () -> {
                flush();
                wakeIfAllIsSent();
            });
            for (Optional<BuildRequest> request = over.next(); request.isPresent(); request = over.next()) {
                arrived(over, request.get());
            }
            awaitEnd(over);
            sender.join();
            flush();
            // It is known for a while yet, and would keep all that belongs to the connection.
            leave(over);
        } catch (InterruptedException | CancelledException gone) {
            if (over.isLost()) {
                lost(over);
                throw new CancelledException("the connection was lost");
            }
            cancel();
            throw gone;
        } catch (RuntimeException refused) {
            cancel();
            throw refused;
        }
        switch (failure.orElse(null)) {
            case null -> {}
            case Exception thrown -> throw thrown;
            case Throwable error -> throw new IllegalStateException(error);
        }
    }

    private void arrived(BuildLink from, BuildRequest request) {
        lock.lock();
        try {
            if (from != link) {
                throw new CancelledException("the client has another connection");
            }
            if (request.hasAcknowledgement()) {
                events.acknowledged(request.getAcknowledgement().getReceived());
            } else {
                if (waitingCost >= WINDOW + LARGEST) {
                    throw new InvalidInputException("the client sends more than it may");
                }
                requests.add(request);
                arrived++;
                waitingCost += SentEvents.cost(request);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The client has sent its last request: unless the build has ended, it may still have events to send. */
    private void awaitEnd(BuildLink from) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            noMoreRequests = true;
            changed.signalAll();
            while (!over && from == link) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(BuildLink gone) {
        lock.lock();
        try {
            if (gone == link) {
                link = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void lost(BuildLink gone) {
        lock.lock();
        try {
            if (link != null && gone != link) {
                return;
            }
            link = null;
            if (over || cancelled) {
                return;
            }
        } finally {
            lock.unlock();
        }
        if (builds.mayWait(owner)) {
            Background.start("build without its client", this::await);
        } else {
            cancel();
        }
    }

    /** Waits for another connection. */
    private void await() throws InterruptedException {
        long left = builds.patience().toNanos();
        lock.lockInterruptibly();
        try {
            while (link == null && !over && !cancelled && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
            builds.waited(owner);
        }
        if (left <= 0) {
            cancel();
        }
    }

    private void cancel() {
        lock.lock();
        try {
            cancelled = true;
            changed.signalAll();
            if (!over) {
                work.interrupt();
            }
        } finally {
            lock.unlock();
        }
        builds.forget(this);
    }

    /**
     * The build has ended, and its thread with it. The last events can be had for a while, since they may be lost on their
     * way.
     */
    void ended(Optional<Throwable> thrown) {
        boolean keep;
        lock.lock();
        try {
            over = true;
            failure = thrown;
            keep = !cancelled;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (keep) {
            builds.ended(this);
        }
        // Of an interruption nobody on this thread has to know any more.
        Thread.interrupted();
        try {
            flush();
            wakeIfAllIsSent();
        } catch (InterruptedException end) {
            // The client learns of the end all the same.
            wake(true);
        }
    }

    /**
     * The reader of the present connection reads until all is sent, since the client may wait to say what it has received. Who
     * sends the last of it wakes it: this connection may have come since the caller found nothing to send.
     */
    private void wakeIfAllIsSent() {
        wake(false);
    }

    private void wake(boolean always) {
        lock.lock();
        try {
            boolean allIsSent = over && opening.isEmpty() && events.next().isEmpty();
            if (link != null && (always || allIsSent)) {
                link.wake();
            }
        } finally {
            lock.unlock();
        }
    }
}

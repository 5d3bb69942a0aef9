package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection between a build and a client of a test, which holds a few messages in each direction and can be cut. */
final class FakeLink implements BuildLink {

    private static final int MOST = 8;

    private final Deque<BuildRequest> requests = new ArrayDeque<>();
    private final Deque<BuildEvent> events = new ArrayDeque<>();
    private final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();
    private Thread carrier;
    private boolean lost;
    private boolean gone;
    private boolean woken;

    interface Carrying {
        void run() throws Exception;
    }

    /** On the thread of the call. */
    void carriedBy(Carrying call) {
        Optional<Throwable> thrown = Optional.empty();
        synchronized (this) {
            carrier = Thread.currentThread();
        }
        try {
            call.run();
        } catch (Throwable failure) {
            thrown = Optional.of(failure);
        }
        synchronized (this) {
            end.complete(thrown);
            notifyAll();
        }
    }

    /** What the call threw. */
    Optional<Throwable> awaitEnd() {
        try {
            return end.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            throw new AssertionError("the call does not end", late);
        }
    }

    @Override
    public synchronized Optional<BuildRequest> next() throws InterruptedException {
        while (requests.isEmpty() && !gone && !woken) {
            wait();
        }
        if (gone) {
            throw new CancelledException("gone");
        }
        notifyAll();
        return Optional.ofNullable(requests.poll());
    }

    @Override
    public synchronized void send(BuildEvent event) throws InterruptedException {
        while (events.size() >= MOST && !gone) {
            wait();
        }
        if (gone) {
            throw new CancelledException("gone");
        }
        events.add(event);
        notifyAll();
    }

    @Override
    public synchronized boolean isLost() {
        return lost;
    }

    @Override
    public synchronized void wake() {
        woken = true;
        notifyAll();
    }

    @Override
    public void replaced() {
        cut();
    }

    /** Loses the connection, and what is on its way with it. */
    synchronized void cut() {
        lost |= !gone;
        cancel();
    }

    /** The client ends the call. */
    synchronized void cancel() {
        gone = true;
        requests.clear();
        events.clear();
        notifyAll();
        // As the server does.
        if (carrier != null) {
            carrier.interrupt();
        }
    }

    /** The client sends a request; whether it could. */
    synchronized boolean arrive(BuildRequest request) {
        while (requests.size() >= MOST && !gone && !end.isDone()) {
            waitUninterrupted();
        }
        requests.add(request);
        notifyAll();
        return !gone && !end.isDone();
    }

    /** The client takes an event; null at the end of the connection. */
    synchronized BuildEvent take() {
        while (events.isEmpty() && !gone && !end.isDone()) {
            waitUninterrupted();
        }
        BuildEvent event = events.poll();
        notifyAll();
        return event;
    }

    /** The client takes an event of the build. */
    BuildEvent takeCounted() {
        BuildEvent event = take();
        while (event.hasAcknowledgement()) {
            event = take();
        }
        return event;
    }

    private void waitUninterrupted() {
        try {
            wait();
        } catch (InterruptedException end) {
            throw new IllegalStateException(end);
        }
    }
}

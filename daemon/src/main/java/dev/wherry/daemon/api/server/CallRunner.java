package dev.wherry.daemon.api.server;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ShuttingDownException;
import io.opentelemetry.context.Scope;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The bridge from blocking code to asynchronous calls: every call runs on a virtual thread of its own, from top to
 * bottom. A call whose client goes away, and every call when the daemon ends, has its thread interrupted; the code
 * answers by cleaning up and ending. Errors thrown become the call's status ({@link ErrorStatus}).
 *
 * <p>The end has two steps: {@link #close} refuses new calls and ends those that watch, {@link #awaitEnd} waits for the
 * others. What then still runs is interrupted when the server ends.
 *
 * <p>Methods must be called by the service method itself, on its thread, because they look up the {@link CallConnection} to the
 * client there.
 */
@Singleton
public final class CallRunner {

    /** How long calls may clean up when the daemon ends. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Thread, Lasts> running = new HashMap<>();
    private final AtomicLong started = new AtomicLong();
    private volatile boolean closed;

    /** How long a call lasts. */
    public enum Lasts {
        /** As long as its work: worth waiting for. */
        WORK,
        /** As long as a container or its client wants: ends with the daemon at once. */
        WATCH,
        /** As long as work that another thread does: nothing to count beside that. */
        CARRY
    }

    /** Blocking code that answers by a stream. */
    @FunctionalInterface
    public interface Answering<T> {
        void answer(ResponseSender<T> out) throws Exception;
    }

    /** Blocking code that reads one stream and answers by another. */
    @FunctionalInterface
    public interface Conversing<I, T> {
        public void converse(RequestQueue<I> in, ResponseSender<T> out) throws Exception;
    }

    /** Blocking code that reads a stream and answers once. */
    @FunctionalInterface
    public interface Receiving<I, T> {
        public T receive(RequestQueue<I> in) throws Exception;
    }

    /** One request, one answer. */
    public <T> Uni<T> on(Callable<T> work) {
        return on(Lasts.WORK, work);
    }

    public <T> Uni<T> on(Lasts lasts, Callable<T> work) {
        CallConnection line = CallConnection.current();
        return Uni.createFrom().emitter(emitter -> {
            // What the thread is telling of must not be interrupted: the end it tells of comes back as a termination.
            AtomicBoolean telling = new AtomicBoolean();
            Thread thread = start(
                    lasts,
                    line,
                    () -> {
                        T answer = work.call();
                        telling.set(true);
                        if (!line.isCancelled()) {
                            emitter.complete(answer);
                        }
                    },
                    failure -> {
                        telling.set(true);
                        emitter.fail(failure);
                    });
            emitter.onTermination(() -> {
                if (!telling.get()) {
                    thread.interrupt();
                }
            });
        });
    }

    /** One request, answers in a stream; {@link ResponseSender#send} waits while the client has not asked for more. */
    public <T> Multi<T> stream(Answering<T> work) {
        return stream(Lasts.WORK, work);
    }

    public <T> Multi<T> stream(Lasts lasts, Answering<T> work) {
        CallConnection line = CallConnection.current();
        return Multi.createFrom()
                .publisher(subscriber -> new ResponseSender<T>(subscriber, line)
                        .open(out -> start(
                                lasts,
                                line,
                                () -> {
                                    work.answer(out);
                                    out.complete();
                                },
                                out::fail)));
    }

    /** Requests in a stream, one answer. */
    public <I, T> Uni<T> receive(Multi<I> requests, Receiving<I, T> work) {
        RequestQueue<I> in = RequestQueue.of(requests, CallConnection.current());
        return on(() -> {
            try (in) {
                return work.receive(in);
            }
        });
    }

    /** Requests in a stream, answers in another. */
    public <I, T> Multi<T> converse(Multi<I> requests, Conversing<I, T> work) {
        return converse(Lasts.WORK, requests, work);
    }

    public <I, T> Multi<T> converse(Lasts lasts, Multi<I> requests, Conversing<I, T> work) {
        RequestQueue<I> in = RequestQueue.of(requests, CallConnection.current());
        return stream(lasts, out -> {
            try (in) {
                work.converse(in, out);
            }
        });
    }

    /** Blocking code that reads and answers by a link, and may leave to work that outlives it. */
    @FunctionalInterface
    public interface Linking<I, T> {
        public void carry(CallLink<I, T> link) throws Exception;
    }

    /** Requests in a stream, answers in another, of work that need not end with the call. */
    public <I, T> Multi<T> link(Multi<I> requests, Linking<I, T> work) {
        CallConnection line = CallConnection.current();
        RequestQueue<I> in = RequestQueue.of(requests, line);
        return stream(out -> {
            try (in) {
                work.carry(new CallLink<>(this, line, in, out));
            }
        });
    }

    /**
     * Starts work on a thread of its own, for the caller of a call and in its trace; the call only carries what the work says
     * from now on. Its end does not interrupt the work, that of the daemon does.
     */
    Thread detach(CallConnection line, Work work, Consumer<Throwable> failed) {
        Thread thread = thread(line, work, failed, () -> {});
        lock.lock();
        try {
            running.put(thread, Lasts.WORK);
        } finally {
            lock.unlock();
        }
        carries();
        thread.start();
        return thread;
    }

    /** The call of this thread only carries, from now on. */
    void carries() {
        lock.lock();
        try {
            running.replace(Thread.currentThread(), Lasts.CARRY);
        } finally {
            lock.unlock();
        }
    }

    /** Blocking code that answers by itself. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /**
     * A call that came by another protocol.
     *
     * @param failed takes what ended the work, on its thread
     * @return ends the call, whose client has gone
     */
    public Runnable run(Lasts lasts, Caller caller, Work work, Consumer<Throwable> failed) {
        CallConnection line = new CallConnection(() -> true, Runnable::run, messages -> {}, caller, null);
        start(lasts, line, work, failed);
        return line::cancel;
    }

    private Thread thread(CallConnection line, Work work, Consumer<Throwable> failed, Runnable end) {
        Thread thread = Thread.ofVirtual()
                .unstarted(() -> line.caller().run(() -> {
                    try (Scope trace = line.joinTrace()) {
                        work.run();
                    } catch (InterruptedException interrupted) {
                        failed.accept(reason(new CancelledException("cancelled")));
                    } catch (Throwable failure) {
                        failed.accept(reason(failure));
                    } finally {
                        end.run();
                        forget(Thread.currentThread());
                    }
                }));
        thread.setName("call");
        return thread;
    }

    private Thread start(Lasts lasts, CallConnection line, Work work, Consumer<Throwable> failed) {
        AtomicBoolean ended = new AtomicBoolean();
        Thread thread = thread(line, work, failed, () -> ended.set(true));
        started.incrementAndGet();
        line.onCancel(() -> {
            if (!ended.get()) {
                thread.interrupt();
            }
        });
        lock.lock();
        try {
            running.put(thread, lasts);
            if (closed && lasts == Lasts.WATCH) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        thread.start();
        return thread;
    }

    /** What has been cancelled while the daemon ends was most likely cancelled by that. */
    private Throwable reason(Throwable failure) {
        boolean cancelled = failure instanceof CancelledException || isInterruption(failure);
        if (cancelled && closed) {
            return new ShuttingDownException();
        }
        return cancelled && !(failure instanceof CancelledException) ? new CancelledException("cancelled") : failure;
    }

    /** A thread that is interrupted while it reads a file learns of it as of a failure of that file. */
    private static boolean isInterruption(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    private void forget(Thread thread) {
        lock.lock();
        try {
            running.remove(thread);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether new calls are refused. */
    public boolean isClosed() {
        return closed;
    }

    /** Refuses new calls from now on, and ends those that watch. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            running.forEach((thread, lasts) -> {
                if (lasts == Lasts.WATCH) {
                    thread.interrupt();
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** How many calls have begun since the start. */
    long started() {
        return started.get();
    }

    /** How many calls work. */
    public int working() {
        lock.lock();
        try {
            return (int) running.values().stream()
                    .filter(lasts -> lasts == Lasts.WORK)
                    .count();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no call runs.
     *
     * @return whether that is so
     * @throws InterruptedException when interrupted, after which calls may still run
     */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!running.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return running.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all calls with the daemon. */
    void end(@Observes ShutdownEvent stop) throws InterruptedException {
        close();
        lock.lock();
        try {
            running.keySet().forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
        awaitEnd(GRACE);
    }
}

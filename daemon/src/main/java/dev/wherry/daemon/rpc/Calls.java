package dev.wherry.daemon.rpc;

import dev.wherry.daemon.error.CancelledException;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The bridge from blocking code to asynchronous calls: every call runs on a virtual thread of its own, from top to
 * bottom. A call whose client goes away, and every call when the daemon ends, has its thread interrupted; the code
 * answers by cleaning up and ending. Errors thrown become the call's status ({@link Errors}).
 *
 * <p>Methods must be called by the service method itself, on its thread, because they look up the {@link Line} to the
 * client there.
 */
@Singleton
final class Calls {

    /** How long calls may clean up when the daemon ends. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final AtomicLong started = new AtomicLong();

    /** Blocking code that answers by a stream. */
    @FunctionalInterface
    interface Answering<T> {
        void answer(Outgoing<T> out) throws Exception;
    }

    /** Blocking code that reads one stream and answers by another. */
    @FunctionalInterface
    interface Conversing<I, T> {
        void converse(Incoming<I> in, Outgoing<T> out) throws Exception;
    }

    /** Blocking code that reads a stream and answers once. */
    @FunctionalInterface
    interface Receiving<I, T> {
        T receive(Incoming<I> in) throws Exception;
    }

    /** One request, one answer. */
    <T> Uni<T> on(Callable<T> work) {
        Line line = Line.current();
        return Uni.createFrom().emitter(emitter -> {
            Thread thread = start(
                    line,
                    () -> {
                        T answer = work.call();
                        if (!line.isCancelled()) {
                            emitter.complete(answer);
                        }
                    },
                    emitter::fail);
            emitter.onTermination(thread::interrupt);
        });
    }

    /** One request, answers in a stream; {@link Outgoing#send} waits while the client has not asked for more. */
    <T> Multi<T> stream(Answering<T> work) {
        Line line = Line.current();
        return Multi.createFrom()
                .publisher(subscriber -> new Outgoing<T>(subscriber, line)
                        .open(out -> start(
                                line,
                                () -> {
                                    work.answer(out);
                                    out.complete();
                                },
                                out::fail)));
    }

    /** Requests in a stream, one answer. */
    <I, T> Uni<T> receive(Multi<I> requests, Receiving<I, T> work) {
        Incoming<I> in = Incoming.of(requests, Line.current());
        return on(() -> {
            try (in) {
                return work.receive(in);
            }
        });
    }

    /** Requests in a stream, answers in another. */
    <I, T> Multi<T> converse(Multi<I> requests, Conversing<I, T> work) {
        Incoming<I> in = Incoming.of(requests, Line.current());
        return stream(out -> {
            try (in) {
                work.converse(in, out);
            }
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private Thread start(Line line, Work work, Consumer<Throwable> failed) {
        AtomicBoolean ended = new AtomicBoolean();
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            try {
                work.run();
            } catch (InterruptedException interrupted) {
                failed.accept(new CancelledException("cancelled"));
            } catch (Throwable failure) {
                failed.accept(failure);
            } finally {
                ended.set(true);
                running.remove(Thread.currentThread());
            }
        });
        thread.setName("call");
        running.add(thread);
        started.incrementAndGet();
        line.onCancel(() -> {
            if (!ended.get()) {
                thread.interrupt();
            }
        });
        thread.start();
        return thread;
    }

    /** How many calls have begun since the start. */
    long started() {
        return started.get();
    }

    /** How many calls have begun and not ended. */
    int running() {
        return running.size();
    }

    /** Ends all calls with the daemon. */
    void end(@Observes ShutdownEvent stop) throws InterruptedException {
        running.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + GRACE.toNanos();
        for (Thread thread : running) {
            thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
    }
}

package dev.wherry.daemon.api.server;

import dev.wherry.daemon.error.CancelledException;
import io.smallrye.mutiny.Multi;
import java.util.Optional;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The requests of one streaming call, read by blocking code. At most {@link #AHEAD} of them wait here; the client may
 * send the next one only when one is taken.
 */
public final class RequestQueue<T> implements AutoCloseable {

    /** Requests that arrive before they are read. A message is at most 256 KiB. */
    public static final int AHEAD = 8;

    private sealed interface Arrival<T> {}

    private record Item<T>(T value) implements Arrival<T> {}

    private record End<T>(Optional<Throwable> failure) implements Arrival<T> {}

    private final LinkedBlockingQueue<Arrival<T>> arrivals = new LinkedBlockingQueue<>();
    private final CallConnection line;
    private volatile Subscription subscription;
    private End<T> end;

    private RequestQueue(CallConnection line) {
        this.line = line;
    }

    static <T> RequestQueue<T> of(Multi<T> requests, CallConnection line) {
        RequestQueue<T> incoming = new RequestQueue<>(line);
        requests.subscribe().withSubscriber(incoming.new Feed());
        return incoming;
    }

    /**
     * Waits for the next request; empty when the client has sent its last one.
     *
     * @throws CancelledException when the client has gone away
     */
    public Optional<T> next() throws InterruptedException {
        if (end == null) {
            switch (arrivals.take()) {
                case Item<T>(T value) -> {
                    line.taken();
                    subscription.request(1);
                    return Optional.of(value);
                }
                case End<T> last -> end = last;
            }
        }
        if (end.failure().isPresent()) {
            throw new CancelledException("the client went away");
        }
        return Optional.empty();
    }

    /** Lets {@link #next} say that there are no more, once it has said what has arrived. */
    void wake() {
        arrivals.add(new End<>(Optional.empty()));
    }

    /** Wants no more requests. */
    @Override
    public void close() {
        subscription.cancel();
    }

    private final class Feed implements Subscriber<T> {

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(AHEAD);
        }

        @Override
        public void onNext(T item) {
            arrivals.add(new Item<>(item));
        }

        @Override
        public void onError(Throwable failure) {
            arrivals.add(new End<>(Optional.of(failure)));
        }

        @Override
        public void onComplete() {
            arrivals.add(new End<>(Optional.empty()));
        }
    }
}

package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.daemon.error.CancelledException;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One streaming call of a client's session, for blocking code: the client sends as much ahead as the code allows. */
final class SessionCall<I, O> implements AutoCloseable {

    private sealed interface Arrival<O> {}

    private record Item<O>(O value) implements Arrival<O> {}

    private record End<O>(Status status) implements Arrival<O> {}

    private final ClientCall<I, O> call;
    private final BlockingQueue<Arrival<O>> arrivals = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int takenAtOnce;
    private volatile boolean over;
    private int taken;
    private End<O> end;

    private SessionCall(ClientCall<I, O> call, int ahead) {
        this.call = call;
        this.takenAtOnce = ahead / 4;
    }

    /** @param ahead how many messages may wait here */
    static <I, O> SessionCall<I, O> start(ClientCall<I, O> call, Metadata headers, int ahead) {
        SessionCall<I, O> started = new SessionCall<>(call, ahead);
        call.start(started.new Listener(), headers);
        call.request(ahead);
        return started;
    }

    /**
     * The client's next message; empty when it has ended the call. By one thread at a time.
     *
     * @throws dev.wherry.daemon.error.WherryException with the client's reason when it has failed
     */
    Optional<O> next() throws InterruptedException {
        if (end == null) {
            switch (arrivals.take()) {
                case Item<O>(O value) -> {
                    if (++taken == takenAtOnce) {
                        call.request(taken);
                        taken = 0;
                    }
                    return Optional.of(value);
                }
                case End<O> last -> end = last;
            }
        }
        if (!end.status().isOk()) {
            throw SessionFailures.of(end.status());
        }
        return Optional.empty();
    }

    /** Sends a message, when the connection takes it. By one thread at a time. */
    void send(I message) throws InterruptedException {
        awaitReady();
        call.sendMessage(message);
    }

    /** Sends the message of a call that has one alone; gRPC keeps it until the connection takes it. */
    void ask(I message) {
        call.sendMessage(message);
        call.halfClose();
    }

    private void awaitReady() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!over && !call.isReady()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        if (over) {
            throw new CancelledException("the client ended its session");
        }
    }

    /** Nothing more is sent. */
    void finish() {
        call.halfClose();
    }

    @Override
    public void close() {
        if (!over) {
            call.cancel("not needed any more", null);
        }
    }

    private final class Listener extends ClientCall.Listener<O> {

        @Override
        public void onMessage(O message) {
            arrivals.add(new Item<>(message));
        }

        @Override
        public void onReady() {
            signal();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            over = true;
            arrivals.add(new End<>(status));
            signal();
        }

        private void signal() {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}

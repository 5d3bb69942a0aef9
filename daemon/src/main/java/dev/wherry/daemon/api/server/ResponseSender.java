package dev.wherry.daemon.api.server;

import dev.wherry.daemon.error.CancelledException;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The answers of one call, sent by blocking code. {@link #send} waits until the subscriber has asked for an item and the
 * connection takes one, so that a slow client slows the work instead of filling memory. Any thread may send; items go
 * out one at a time.
 */
public final class ResponseSender<T> implements Subscription {

    private final Subscriber<? super T> client;
    private final CallConnection line;
    private final ReentrantLock sending = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long demand;
    private boolean closed;
    private Thread producer;

    ResponseSender(Subscriber<? super T> client, CallConnection line) {
        this.client = client;
        this.line = line;
    }

    void open(Function<ResponseSender<T>, Thread> start) {
        client.onSubscribe(this);
        lock.lock();
        try {
            if (!closed) {
                producer = start.apply(this);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends one item, when the client takes it.
     *
     * @throws CancelledException when the client has gone away
     * @throws InterruptedException when the call is to end
     */
    public void send(T item) throws InterruptedException {
        sending.lockInterruptibly();
        try {
            awaitDemand();
            line.awaitReady();
            client.onNext(item);
        } finally {
            sending.unlock();
        }
    }

    private void awaitDemand() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (demand == 0 && !closed) {
                changed.await();
            }
            if (closed) {
                throw new CancelledException("the client went away");
            }
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
        } finally {
            lock.unlock();
        }
    }

    void complete() {
        if (close()) {
            client.onComplete();
        }
    }

    void fail(Throwable failure) {
        if (close()) {
            client.onError(failure);
        }
    }

    @Override
    public void request(long items) {
        lock.lock();
        try {
            demand = items <= 0 || demand + items < 0 ? Long.MAX_VALUE : demand + items;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        if (close() && producer != null && producer != Thread.currentThread()) {
            producer.interrupt();
        }
    }

    private boolean close() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            changed.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }
}

package dev.wherry.daemon.api.server;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.trace.Traces;
import io.grpc.Context;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * One call's connection to its client, as far as blocking code must know of it: whether it takes more, how much the
 * client may send ahead, and whether the client is still there. {@link CallInterceptor} makes one for every call.
 */
final class CallConnection {

    static final Context.Key<CallConnection> KEY = Context.key("wherry-line");

    /**
     * Bytes that were sent and that the connection's thread has not seen: it alone finds out whether the client keeps up, and
     * code that is faster than it would fill memory in the meantime.
     */
    static final int MOST_UNSEEN = 512 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> cancelActions = new ArrayList<>();
    private final BooleanSupplier ready;
    private final Executor thread;
    private final IntConsumer request;
    private final String traceParent;
    private final Caller caller;
    private boolean cancelled;
    private boolean lost;
    private long unseen;
    private long asking;
    private int ahead;
    private int owed;

    /**
     * @param ready whether the connection takes a message without queueing, as its own thread last found
     * @param thread runs tasks on that thread, in their order and that of what is sent
     * @param request lets the client send as many messages more
     * @param caller whom the call works for
     * @param traceParent what the call is a part of, as of {@link Traces#caller}; null for nothing
     */
    CallConnection(BooleanSupplier ready, Executor thread, IntConsumer request, Caller caller, String traceParent) {
        this.ready = ready;
        this.thread = thread;
        this.request = request;
        this.caller = caller;
        this.traceParent = traceParent;
    }

    CallConnection(BooleanSupplier ready, IntConsumer request) {
        this(ready, Runnable::run, request, Caller.DAEMON, null);
    }

    /** Makes the trace of the call that of this thread. */
    Scope joinTrace() {
        return Traces.areWanted() ? Traces.caller(traceParent).makeCurrent() : Scope.noop();
    }

    /** The line of the call being made on this thread; one that is always ready where there is no call. */
    static CallConnection current() {
        CallConnection line = KEY.get();
        return line == null ? new CallConnection(() -> true, messages -> {}) : line;
    }

    Caller caller() {
        return caller;
    }

    /** Waits until the connection takes a message. */
    void awaitReady() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!cancelled && (unseen >= MOST_UNSEEN || !ready.getAsBoolean())) {
                changed.await();
            }
            if (cancelled) {
                throw new CancelledException("the client went away");
            }
        } finally {
            lock.unlock();
        }
    }

    /** A message of so many bytes was sent. */
    void sent(int bytes) {
        long asked;
        lock.lock();
        try {
            unseen += bytes;
            asked = unseen - asking;
            if (asked < MOST_UNSEEN) {
                return;
            }
            asking += asked;
        } finally {
            lock.unlock();
        }
        thread.execute(() -> seen(asked));
    }

    private void seen(long bytes) {
        lock.lock();
        try {
            unseen -= bytes;
            asking -= bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The connection takes messages again. */
    void signalReady() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The service would take more messages: let the client send them as far as earlier ones have been taken. */
    void allow(int messages) {
        lock.lock();
        try {
            owed += messages;
        } finally {
            lock.unlock();
        }
        grant();
    }

    /** One message was taken by the code that reads them. */
    void taken() {
        lock.lock();
        try {
            ahead--;
        } finally {
            lock.unlock();
        }
        grant();
    }

    private void grant() {
        int granted;
        lock.lock();
        try {
            granted = Math.min(owed, RequestQueue.AHEAD - ahead);
            if (granted <= 0) {
                return;
            }
            owed -= granted;
            ahead += granted;
        } finally {
            lock.unlock();
        }
        request.accept(granted);
    }

    /** Runs an action when the client goes away, or now when it has. */
    void onCancel(Runnable action) {
        lock.lock();
        try {
            if (!cancelled) {
                cancelActions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the connection was lost; not if the client ended the call. */
    boolean isLost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** The client went away. */
    void cancel() {
        cancel(false);
    }

    /** The client went away without ending the call: it may still want its result. */
    void lose() {
        cancel(true);
    }

    private void cancel(boolean silently) {
        List<Runnable> actions;
        lock.lock();
        try {
            lost = cancelled ? lost : silently;
            cancelled = true;
            actions = List.copyOf(cancelActions);
            cancelActions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** Ends the work of the call, whose client is still there and is told so. */
    void interrupt() {
        List<Runnable> actions;
        lock.lock();
        try {
            actions = List.copyOf(cancelActions);
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }
}

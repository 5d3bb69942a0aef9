package dev.wherry.daemon.api.server;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * One call as the link between a client and work that may outlive it. The thread of the call reads; any thread may send.
 */
public final class CallLink<I, O> {

    private final CallRunner calls;
    private final CallConnection line;
    private final RequestQueue<I> in;
    private final ResponseSender<O> out;

    CallLink(CallRunner calls, CallConnection line, RequestQueue<I> in, ResponseSender<O> out) {
        this.calls = calls;
        this.line = line;
        this.in = in;
        this.out = out;
    }

    /** As {@link RequestQueue#next}; empty also after {@link #wake}. */
    public Optional<I> next() throws InterruptedException {
        return in.next();
    }

    /** As {@link ResponseSender#send}: what is interrupted is not sent. */
    public void send(O item) throws InterruptedException {
        out.send(item);
    }

    /** Whether the connection was lost, or another has taken its place, rather than the call ended by its client. */
    public boolean isLost() {
        return line.isLost();
    }

    /** Ends the wait of the reader. */
    public void wake() {
        in.wake();
    }

    /** Another call has taken the place of this one: it ends as if its connection were lost. */
    public void replaced() {
        line.lose();
    }

    /**
     * Starts the work on a thread of its own; this call only carries from now on. Whoever holds the thread ends the work by
     * interrupting it.
     *
     * @param failed told what the work threw
     */
    public Thread detach(CallRunner.Work work, Consumer<Throwable> failed) {
        return calls.detach(line, work, failed);
    }

    /** This call carries what other work says, and is no work itself. */
    public void carries() {
        calls.carries();
    }
}

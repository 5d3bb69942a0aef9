package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.MessageLite;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.BuildEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The events of a build that its client has not acknowledged, in their order, and which of them the present connection has
 * not sent yet. Guarded by its owner.
 */
final class SentEvents {

    /** What the client may have to acknowledge when another event is sent; a distant one needs so much to be kept busy. */
    static final long MOST = 4 << 20;

    /** What a message takes in memory besides its content, roughly; small ones count too. */
    private static final int OVERHEAD = 256;

    private final Deque<BuildEvent> kept = new ArrayDeque<>();
    private long acknowledged;
    private long cost;

    private Deque<BuildEvent> unsent = new ArrayDeque<>();

    static long cost(MessageLite message) {
        return message.getSerializedSize() + OVERHEAD;
    }

    boolean isFull() {
        return cost >= MOST;
    }

    long cost() {
        return cost;
    }

    void add(BuildEvent event) {
        kept.add(event);
        unsent.add(event);
        cost += cost(event);
    }

    /** The next event for the present connection. */
    Optional<BuildEvent> next() {
        return Optional.ofNullable(unsent.peek());
    }

    /** The next event has been sent. */
    void sent() {
        unsent.remove();
    }

    /** The client has received so many; the last of them may be about to be noted as sent. */
    void acknowledged(long count) {
        if (count > acknowledged + kept.size()) {
            throw new InvalidInputException("the client acknowledges what was not sent");
        }
        for (; acknowledged < count; acknowledged++) {
            cost -= cost(kept.remove());
        }
    }

    /** Another connection goes on after so many events. */
    void goOn(long received) {
        if (received < acknowledged || received > acknowledged + kept.size()) {
            throw new InvalidInputException("the client has not received so many events of this build");
        }
        unsent = new ArrayDeque<>(kept);
        for (long place = acknowledged; place < received; place++) {
            unsent.remove();
        }
        acknowledged(received);
    }
}

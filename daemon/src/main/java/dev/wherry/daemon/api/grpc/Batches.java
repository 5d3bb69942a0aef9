package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.CancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Sends many small things to a client, as many in a message as no client refuses for its size; adding waits while the
 * client takes no more.
 */
final class Batches<E, T> {

    private static final int MOST = 256;

    private final ResponseSender<T> out;
    private final Function<List<E>, T> message;
    private final List<E> batch = new ArrayList<>();

    Batches(ResponseSender<T> out, Function<List<E>, T> message) {
        this.out = out;
        this.message = message;
    }

    /** Sends a message that goes before all others. */
    void first(T response) {
        deliver(response);
    }

    void add(E element) {
        batch.add(element);
        if (batch.size() == MOST) {
            send();
        }
    }

    /** Sends what has been gathered. */
    void send() {
        if (!batch.isEmpty()) {
            deliver(message.apply(batch));
            batch.clear();
        }
    }

    private void deliver(T response) {
        try {
            out.send(response);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the client went away");
        }
    }
}

package dev.wherry.daemon.registry.transport;

import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** A body on its way out: how much of it was taken from here, so that a server that stops reading is noticed. */
final class BodyProgress {

    private final RequestBody body;
    private volatile long sent;

    BodyProgress(RequestBody body) {
        this.body = body;
    }

    BodyPublisher publisher() {
        return body.length() == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), body.length());
    }

    long sent() {
        return sent;
    }

    boolean isComplete() {
        return sent >= body.length();
    }

    private InputStream open() {
        sent = 0;
        try {
            return new FilterInputStream(body.open()) {
                @Override
                public int read(byte[] buffer, int from, int length) throws IOException {
                    int count = in.read(buffer, from, length);
                    sent += Math.max(count, 0);
                    Metrics.add(Metric.SENT_BYTES, Math.max(count, 0));
                    return count;
                }
            };
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package dev.wherry.daemon.image;

import java.util.function.LongConsumer;

/** Reports how far a transfer is, but not each few bytes, and that it begins again. For one thread. */
public final class Stride implements LongConsumer {

    private static final long BYTES = 1 << 19;

    private final LongConsumer report;
    private long reported = -BYTES;

    public Stride(LongConsumer report) {
        this.report = report;
    }

    @Override
    public void accept(long current) {
        if (current - reported >= BYTES || current < reported) {
            reported = current;
            report.accept(current);
        }
    }
}

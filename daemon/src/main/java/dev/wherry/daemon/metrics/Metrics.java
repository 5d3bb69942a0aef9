package dev.wherry.daemon.metrics;

import java.time.Duration;

/**
 * Where code reports what is counted. Like a log, it is there for everyone without being handed around, and what is
 * reported goes nowhere unless somebody wants it.
 */
public final class Metrics {

    /** Takes reports, from any thread; does not block. */
    public interface Receiver {

        /** @param labels values of the metric's labels, in their order */
        void count(Metric metric, double amount, String... labels);

        /** @param labels as of {@link #count} */
        void time(Metric metric, Duration duration, String... labels);
    }

    private static final Receiver NOBODY = new Receiver() {
        @Override
        public void count(Metric metric, double amount, String... labels) {}

        @Override
        public void time(Metric metric, Duration duration, String... labels) {}
    };

    private static volatile Receiver receiver = NOBODY;

    private Metrics() {}

    /** From now on reports go there. */
    public static void sendTo(Receiver wanted) {
        receiver = wanted;
    }

    /** Reports go nowhere from now on. */
    public static void drop() {
        receiver = NOBODY;
    }

    /** Whether reports go anywhere: asked before a report that costs something to make. */
    public static boolean areWanted() {
        return receiver != NOBODY;
    }

    /** One more. */
    public static void count(Metric metric, String... labels) {
        receiver.count(metric, 1, labels);
    }

    /** So many more. */
    public static void add(Metric metric, long amount, String... labels) {
        receiver.count(metric, amount, labels);
    }

    /** Something took so long. */
    public static void time(Metric metric, Duration duration, String... labels) {
        receiver.time(metric, duration, labels);
    }
}

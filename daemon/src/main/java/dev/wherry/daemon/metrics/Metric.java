package dev.wherry.daemon.metrics;

import java.util.List;

/** One metric: what it counts, and by which labels. Names and units are as Prometheus recommends them. */
public enum Metric {
    BUILDS(Kind.COUNTER, "wherry.builds", "Builds that have ended, by how they ended.", "status"),
    BUILD_TIME(Kind.TIMER, "wherry.build", "How long builds took.", "status"),
    STEPS(Kind.COUNTER, "wherry.build.steps", "Steps of builds, by where their result came from.", "result"),
    CACHE_MISSES(
            Kind.COUNTER,
            "wherry.build.cache.misses",
            "Steps that were not taken from the cache, by what kept them from it; a step counts for each of its reasons.",
            "reason"),
    STEP_TIME(Kind.TIMER, "wherry.build.step", "How long steps of builds took that ran."),
    PULLS(Kind.COUNTER, "wherry.pulls", "Pulls of images that have ended.", "outcome"),
    PUSHES(Kind.COUNTER, "wherry.pushes", "Pushes of images that have ended.", "outcome"),
    RECEIVED_BYTES(Kind.COUNTER, "wherry.registry.received.bytes", "Bytes of blobs that registries have sent."),
    SENT_BYTES(Kind.COUNTER, "wherry.registry.sent.bytes", "Bytes of blobs that registries were sent."),
    CALLS(Kind.COUNTER, "wherry.calls", "Calls of clients that have ended, by the gRPC status.", "method", "code");

    /** How a metric behaves. */
    public enum Kind {
        /** Only grows. */
        COUNTER,
        /** A number of durations with their sum and largest. */
        TIMER
    }

    private final Kind kind;
    private final String title;
    private final String help;
    private final List<String> labels;

    Metric(Kind kind, String title, String help, String... labels) {
        this.kind = kind;
        this.title = title;
        this.help = help;
        this.labels = List.of(labels);
    }

    public Kind kind() {
        return kind;
    }

    /** Its name, with dots; a receiver writes it as its format wants it. */
    public String title() {
        return title;
    }

    /** One sentence for people. */
    public String help() {
        return help;
    }

    /** The names of its labels, in the order in which values are given. */
    public List<String> labels() {
        return labels;
    }
}

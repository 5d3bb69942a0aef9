package dev.wherry.daemon.trace;

/**
 * The build or container that a thread works for, which begins each line that the thread logs. It stays until the thread
 * ends or works for another, so that the line about a failure, which is written where a call ends, has it too. Threads
 * that it starts do not inherit it, since many of them go on for others.
 */
public final class LogIds {

    private static final ThreadLocal<String> WORK = ThreadLocal.withInitial(() -> "");

    private LogIds() {}

    /** This thread works for a build from now on. */
    public static void build(String ref) {
        WORK.set("build " + ref + ": ");
    }

    /** This thread works for a container from now on. */
    public static void container(String shortId) {
        WORK.set("container " + shortId + ": ");
    }

    /** How a line of this thread begins; empty when the thread works for nothing in particular. */
    public static String prefix() {
        return WORK.get();
    }
}

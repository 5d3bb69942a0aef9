package dev.wherry.daemon.namespace;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The first daemon as the daemon of a namespace knows it. Their standard input is a pipe that the first daemon holds open:
 * when that has ended in whatever way, so do they, at once, as if they were killed. On their standard output they say in
 * lines how they fare.
 */
public final class FirstDaemon {

    static final String READY = "ready";
    static final String FAILED = "failed ";
    static final String STOPPING = "stopping ";

    private static final int ENDED_WITH_IT = 1;

    private final PrintStream lines;

    private FirstDaemon(PrintStream lines) {
        this.lines = lines;
    }

    /**
     * Ends this process when the first daemon has ended.
     *
     * @throws InvalidInputException when it was not started by one
     */
    public static FirstDaemon watched() {
        if (!isPipe("0") || !isPipe("1")) {
            throw new InvalidInputException("wherryd itself starts the daemons of namespaces:"
                    + " give a role namespace=NAME in the configuration of the first, and connect to that");
        }
        InputStream held = new FileInputStream(FileDescriptor.in);
        Thread.ofPlatform().daemon().name("first-daemon").start(() -> awaitEnd(held));
        return new FirstDaemon(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    }

    private static boolean isPipe(String descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor))
                    .toString()
                    .startsWith("pipe:");
        } catch (IOException closed) {
            return false;
        }
    }

    private static void awaitEnd(InputStream held) {
        try {
            while (held.read() >= 0) {
                // It writes nothing.
            }
        } catch (IOException ended) {
            // No difference.
        }
        Runtime.getRuntime().halt(ENDED_WITH_IT);
    }

    /** Connections can be handed over. */
    public void ready() {
        lines.println(READY);
    }

    /** This daemon cannot start. */
    public void failed(String reason) {
        lines.println(FAILED + reason.lines().findFirst().orElse(""));
    }

    /** @param left how long the end may take from now on */
    public void stopping(Duration left) {
        lines.println(STOPPING + left.toMillis());
    }
}

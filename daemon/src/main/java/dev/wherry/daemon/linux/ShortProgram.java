package dev.wherry.daemon.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a program that soon ends of itself and takes all that it says. An interruption waits, since such a program must
 * not be left half done.
 */
public final class ShortProgram {

    private static final int MOST_OUTPUT = 16 << 20;

    private ShortProgram() {}

    /**
     * What a program answered.
     *
     * @param code its exit code, or 128 and the number of the signal that ended it
     * @param output its standard output, as UTF-8, at most 16 MiB of it
     * @param errors its standard error, likewise
     */
    public record Answer(int code, String output, String errors) {}

    /**
     * Runs a program to its end.
     *
     * @param command the absolute path of the program, and its arguments
     * @param environment "KEY=VALUE", all of it
     * @param input its standard input
     * @param patience after which it is killed
     * @throws SystemCallException when it cannot be started
     * @throws IOException when it has not ended after the patience
     */
    public static Answer run(List<String> command, List<String> environment, byte[] input, Duration patience)
            throws IOException {
        try (Spawn.Child child = Spawn.withStreams(command, environment, Path.of("/"))) {
            FutureTask<String> output = reading(child.report(0), "output-of-" + child.pid());
            FutureTask<String> errors = reading(child.report(1), "errors-of-" + child.pid());
            give(input, child.order(0));
            long end = System.nanoTime() + patience.toNanos();
            String said = await(output, end, patience, child);
            String complaints = await(errors, end, patience, child);
            return new Answer(child.await(), said, complaints);
        }
    }

    /** A program that does not read its input to the end has closed the pipe, which is its own affair. */
    private static void give(byte[] input, OutputStream to) {
        try (to) {
            to.write(input);
        } catch (IOException ended) {
            // What it says of that, and its exit code, tell more.
        }
    }

    private static FutureTask<String> reading(InputStream from, String name) {
        FutureTask<String> task = new FutureTask<>(() -> {
            String text = new String(from.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
            from.transferTo(OutputStream.nullOutputStream());
            return text;
        });
        // A virtual thread keeps its carrier while it reads a pipe: a program that does not end would stop the daemon,
        // which
        // has two of them on a small host.
        Thread.ofPlatform().daemon().name(name).start(task);
        return task;
    }

    private static String await(FutureTask<String> text, long end, Duration patience, Spawn.Child child)
            throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return text.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (TimeoutException slow) {
                    // What it started may hold the pipe open still, and is not waited for.
                    Processes.kill(child.pid(), Processes.SIGKILL);
                    throw new IOException("it did not end within " + patience.toSeconds() + " s");
                } catch (ExecutionException failure) {
                    throw new IOException(failure.getCause().getMessage(), failure.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

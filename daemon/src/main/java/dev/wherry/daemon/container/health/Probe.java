package dev.wherry.daemon.container.health;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.config.SignalNumbers;
import dev.wherry.daemon.container.exec.Exec;
import dev.wherry.daemon.container.exec.ExecConfig;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.runtime.OutputSink;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs short programs in running containers and tells what they did. */
@Singleton
public final class Probe {

    private final Execs execs;

    public Probe(Execs execs) {
        this.execs = execs;
    }

    /**
     * What a program did.
     *
     * @param code its exit code; 137 when it took too long
     * @param output the beginning of what it wrote, of both streams
     * @param timedOut whether it was killed since it took too long
     */
    public record Result(ExitCode code, byte[] output, boolean timedOut) {}

    /**
     * Runs a program to its end, or kills it when that takes too long.
     *
     * @param config one that is attached, without a standard input
     * @param largestOutput bytes of output to keep; what is more is read and lost
     * @throws dev.wherry.daemon.error.StartException when it cannot be started
     * @throws dev.wherry.daemon.error.ConflictException when the container does not run, or is paused
     */
    public Result run(String container, ExecConfig config, Duration timeout, int largestOutput)
            throws InterruptedException {
        Exec exec = execs.start(container, config);
        Beginning output = new Beginning(largestOutput);
        CompletableFuture<Exit> end = new CompletableFuture<>();
        try (Attachment streams = exec.streams()) {
            Background.start("probe-output", () -> read(exec, streams, output, end));
            return new Result(end.get(timeout.toNanos(), TimeUnit.NANOSECONDS).code(), output.bytes(), false);
        } catch (TimeoutException tooLong) {
            exec.signal(SignalNumbers.KILL);
            return new Result(ExitCode.KILLED, output.bytes(), true);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            exec.signal(SignalNumbers.KILL);
            throw interrupted;
        }
    }

    private static void read(Exec exec, Attachment streams, Beginning output, CompletableFuture<Exit> end) {
        try {
            streams.copyTo(output);
            end.complete(exec.await());
        } catch (InterruptedException | RuntimeException failure) {
            end.completeExceptionally(failure);
        }
    }

    /** Keeps the first bytes. */
    private static final class Beginning implements OutputSink {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int most;

        Beginning(int most) {
            this.most = most;
        }

        @Override
        public synchronized void stdout(byte[] chunk) {
            kept.write(chunk, 0, Math.min(chunk.length, most - kept.size()));
        }

        @Override
        public void stderr(byte[] chunk) {
            stdout(chunk);
        }

        synchronized byte[] bytes() {
            return kept.toByteArray();
        }
    }
}

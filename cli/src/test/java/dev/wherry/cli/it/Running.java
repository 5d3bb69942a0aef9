package dev.wherry.cli.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A client that runs, whose output can be waited for: a test then goes on at the moment that it means. */
final class Running {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<String> command;
    private final Process process;
    private final Captured stdout;
    private final Captured stderr;

    /** Follows the output of a process from its beginning; nothing else may read it. */
    Running(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.stdout = new Captured(process.getInputStream());
        this.stderr = new Captured(process.getErrorStream());
    }

    /** Waits until the standard error contains this text. */
    Running awaitStderr(String text) {
        return await(text, said -> stderr.text().contains(text));
    }

    /** Waits until the standard output contains this text. */
    Running awaitStdout(String text) {
        return await(text, said -> stdout.text().contains(text));
    }

    private Running await(String wanted, Predicate<Running> condition) {
        try {
            Awaitility.await().atMost(LIMIT).until(() -> condition.test(this));
            return this;
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(
                    "%s does not say %s, but:\n%s%s".formatted(command, wanted, stdout.text(), stderr.text()), late);
        }
    }

    /** What the client has written to standard output so far. */
    String stdout() {
        return stdout.text();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Interrupts the client as Ctrl-C does. */
    Running interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        return this;
    }

    /** Waits for the end of the client. */
    Outcome end() throws InterruptedException {
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " does not end; it said:\n" + stdout.text() + stderr.text());
        }
        return new Outcome(command, process.exitValue(), stdout.whole(), stderr.whole());
    }

    /** A stream as far as it was read. */
    private static final class Captured {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;

        Captured(InputStream stream) {
            reader = Thread.startVirtualThread(() -> {
                try (stream) {
                    stream.transferTo(bytes);
                } catch (IOException closed) {
                    // The process was destroyed.
                }
            });
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        String whole() throws InterruptedException {
            reader.join();
            return text();
        }
    }
}

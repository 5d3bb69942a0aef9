package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a program did. */
record Outcome(List<String> command, int exitCode, String stdout, String stderr) {

    /** Waits for a program; one that takes longer is killed and fails the test. */
    static Outcome of(List<String> command, Process process, Duration limit) {
        CompletableFuture<String> stdout = read(process.getInputStream());
        CompletableFuture<String> stderr = read(process.getErrorStream());
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " takes longer than " + limit.toSeconds()
                        + " s; it said so far:\n" + stdout.join() + stderr.join());
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            throw new AssertionError("interrupted", interrupted);
        }
        return new Outcome(command, process.exitValue(), stdout.join(), stderr.join());
    }

    /** Fails the test unless the program succeeded. */
    Outcome ok() {
        return exits(0);
    }

    /** Fails the test unless the program ended with this code. */
    Outcome exits(int code) {
        assertThat(exitCode)
                .as("exit code of %s, which said:\n%s%s", String.join(" ", command), stdout, stderr)
                .isEqualTo(code);
        return this;
    }

    /**
     * Fails the test unless the program ended with this code and said why, in one line for people, which its standard
     * error ends with, save for the line of a Dockerfile and a caret under it.
     */
    String refuses(int code) {
        exits(code);
        List<String> lines = stderr.lines().toList();
        assertThat(lines)
                .as(String.join(" ", command))
                .filteredOn(line -> line.startsWith("wherry: "))
                .hasSize(1);
        String said = lines.getLast().matches(" +\\^") ? lines.get(lines.size() - 3) : lines.getLast();
        assertThat(said).as(stderr).startsWith("wherry: ").hasSizeLessThan(600);
        assertThat(stderr).doesNotContain("Exception", "internal error", "\tat ", "null");
        return said;
    }

    /** The result, without the line end. */
    String line() {
        return stdout.strip();
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException failure) {
                text.completeExceptionally(new UncheckedIOException(failure));
            }
        });
        return text;
    }
}

package dev.wherry.daemon.builder.solver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.progress.BuildProgress.Stream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepLogTest {

    private final StepLog log = new StepLog();

    @Test
    void everyReaderGetsAllFromTheBeginning() throws InterruptedException {
        log.started();
        log.output(Stream.STDOUT, bytes("one\n"));
        StepLog.Reader early = log.reader();
        assertThat(early.next()).containsInstanceOf(StepLog.Event.Started.class);
        assertThat(early.next()).map(StepLogTest::text).hasValue("one\n");
        log.transferred("file", 5, 10);
        log.output(Stream.STDERR, bytes("two\n"));
        log.end();

        assertThat(early.next()).hasValue(new StepLog.Event.Transferred("file", 5, 10));
        assertThat(readAll(early)).isEqualTo("two\n");
        assertThat(readAll(log.reader())).isEqualTo("one\ntwo\n");
    }

    @Test
    void oneWhoComesLateMissesTheMiddleOfMuchOutput() throws Exception {
        byte[] chunk = new byte[32 << 10];
        CompletableFuture<String> first = reading(log.reader());
        for (int i = 0; i < 100; i++) {
            log.output(Stream.STDOUT, chunk.clone());
        }
        log.output(Stream.STDOUT, bytes("the end"));
        StepLog.Reader late = log.reader();
        log.end();

        assertThat(first.get(10, TimeUnit.SECONDS))
                .hasSize(100 * chunk.length + 7)
                .doesNotContain("left out");
        String seen = readAll(late);
        assertThat(seen).contains("bytes of output are left out here").endsWith("the end");
        assertThat(seen.length()).isLessThan((1 << 20) + (64 << 10) + 200);
        long missed = Long.parseLong(seen.replaceAll("(?s).*\\[(\\d+) bytes.*", "$1"));
        long kept = seen.chars().filter(c -> c == 0).count();
        assertThat(missed + kept).isEqualTo(100L * chunk.length);
    }

    @Test
    void aReaderThatStallsHoldsTheStepBackNoLongerThanItsPatience() {
        log.reader();
        long start = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            log.output(Stream.STDOUT, new byte[32 << 10]);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(1_900L, 6_000L);
    }

    private static CompletableFuture<String> reading(StepLog.Reader reader) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                text.complete(readAll(reader));
            } catch (InterruptedException interrupted) {
                text.completeExceptionally(interrupted);
            }
        });
        return text;
    }

    private static String readAll(StepLog.Reader reader) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Optional<StepLog.Event> event = reader.next(); event.isPresent(); event = reader.next()) {
            if (event.get() instanceof StepLog.Event.Output output) {
                all.writeBytes(output.data());
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static String text(StepLog.Event event) {
        return new String(((StepLog.Event.Output) event).data(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

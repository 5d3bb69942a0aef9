package dev.wherry.daemon.container.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.BusyboxHost.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

    @TempDir
    Path folder;

    private String read(String log, int tail, boolean timestamps, String since, String until) throws Exception {
        Files.writeString(folder.resolve("log"), log);
        return read(tail, timestamps, since, until);
    }

    private String read(int tail, boolean timestamps, String since, String until) throws Exception {
        Output output = new Output();
        LogRequest request = new LogRequest(
                false,
                tail < 0 ? OptionalInt.empty() : OptionalInt.of(tail),
                timestamps,
                false,
                Optional.ofNullable(since).map(Instant::parse),
                Optional.ofNullable(until).map(Instant::parse));
        new LogReader(new LogFiles(folder), request, "", output, new FolderWatch()).read(() -> false);
        return output.out();
    }

    private static String entry(int second, String mark, String content) {
        return "2026-01-02T03:04:%02d.000000001+00:00 stdout %s %s\n".formatted(second, mark, content);
    }

    @Test
    void partsOfALineAreJoined() throws Exception {
        String log = entry(1, "P", "one ") + entry(2, "P", "line") + entry(3, "F", "") + entry(4, "F", "next");
        assertThat(read(log, -1, false, null, null)).isEqualTo("one line\nnext\n");
        assertThat(read(log, -1, true, null, null))
                .isEqualTo("2026-01-02T03:04:01.000000001Z one line\n2026-01-02T03:04:04.000000001Z next\n");
    }

    @Test
    void tailCountsWholeLines() throws Exception {
        String log = entry(0, "F", "first") + entry(1, "P", "one ") + entry(2, "F", "line") + entry(4, "F", "next");
        assertThat(read(log, 0, false, null, null)).isEmpty();
        assertThat(read(log, 1, false, null, null)).isEqualTo("next\n");
        assertThat(read(log, 2, false, null, null)).isEqualTo("one line\nnext\n");
        assertThat(read(log, 3, false, null, null)).isEqualTo("first\none line\nnext\n");
        assertThat(read(log, 9, false, null, null)).isEqualTo("first\none line\nnext\n");
    }

    @Test
    void tailFindsItsLinesAcrossBlocks() throws Exception {
        StringBuilder log = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            log.append(entry(i % 60, "F", "line " + i));
            expected.append(i >= 5_000 ? "line " + i + "\n" : "");
        }
        assertThat(read(log.toString(), 15_000, false, null, null)).isEqualTo(expected.toString());
    }

    @Test
    void timesBoundWhatIsRead() throws Exception {
        String log = entry(1, "F", "a") + entry(2, "F", "b") + entry(3, "F", "c");
        assertThat(read(log, -1, false, "2026-01-02T03:04:02Z", "2026-01-02T03:04:03Z"))
                .isEqualTo("b\n");
    }

    @Test
    void filesPutAsideAreReadFirst() throws Exception {
        Files.writeString(folder.resolve("log.9"), entry(1, "F", "a") + entry(2, "P", "b "));
        Files.writeString(folder.resolve("log.10"), entry(3, "F", "c"));
        Files.writeString(folder.resolve("log"), entry(4, "F", "d") + entry(5, "F", "e"));
        assertThat(read(-1, false, null, null)).isEqualTo("a\nb c\nd\ne\n");
        assertThat(read(2, false, null, null)).isEqualTo("d\ne\n");
        assertThat(read(3, false, null, null)).isEqualTo("b c\nd\ne\n");
        assertThat(read(9, false, null, null)).isEqualTo("a\nb c\nd\ne\n");
        assertThat(read(-1, false, "2026-01-02T03:04:04Z", null)).isEqualTo("d\ne\n");
        assertThat(read(-1, false, "2026-01-02T03:04:03Z", null)).isEqualTo("c\nd\ne\n");
    }

    @Test
    void aTimeIsFoundInTheMiddleOfALargeFile() throws Exception {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            for (int j = 0; j < 500; j++) {
                log.append(entry(i, "F", "line " + i + " " + j));
            }
        }
        String found = read(log.toString(), -1, false, "2026-01-02T03:04:40Z", "2026-01-02T03:04:41Z");
        assertThat(found.lines()).hasSize(500).allMatch(line -> line.startsWith("line 40 "));
    }

    @Test
    void aReaderThatFollowsMissesNothingWhileFilesArePutAside() throws Exception {
        LogFiles files = new LogFiles(folder);
        Files.writeString(files.current(), entry(0, "F", "line 0"));
        Output output = new Output();
        LogRequest request =
                new LogRequest(true, OptionalInt.empty(), false, false, Optional.empty(), Optional.empty());
        java.util.concurrent.atomic.AtomicBoolean running = new java.util.concurrent.atomic.AtomicBoolean(true);
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                new LogReader(files, request, "", output, new FolderWatch()).read(running::get);
            } catch (InterruptedException ended) {
                // Then the lines are missing.
            }
        });
        StringBuilder expected = new StringBuilder("line 0\n");
        for (int i = 1; i < 60; i++) {
            if (i % 3 == 0) {
                Files.move(files.current(), folder.resolve("log." + i));
                Files.writeString(folder.resolve("log.tmp"), "");
                Files.move(folder.resolve("log.tmp"), files.current());
            }
            Files.writeString(files.current(), entry(i, "F", "line " + i), java.nio.file.StandardOpenOption.APPEND);
            expected.append("line ").append(i).append('\n');
            Thread.sleep(3);
        }
        running.set(false);
        assertThat(reader.join(java.time.Duration.ofSeconds(10))).isTrue();
        assertThat(output.out()).isEqualTo(expected.toString());
    }

    @Test
    void aReaderThatFollowsLeavesTheNextRunToOthers() throws Exception {
        LogFiles files = new LogFiles(folder);
        Files.writeString(files.current(), entry(1, "F", "first run") + entry(5, "F", "second run"));
        Output output = new Output();
        LogRequest request =
                new LogRequest(true, OptionalInt.empty(), false, false, Optional.empty(), Optional.empty());
        new LogReader(files, request, "", output, new FolderWatch()).read(new LoggedRun() {
            @Override
            public boolean goesOn() {
                return false;
            }

            @Override
            public Instant successor() {
                return Instant.parse("2026-01-02T03:04:04Z");
            }
        });
        assertThat(output.out()).isEqualTo("first run\n");
    }
}

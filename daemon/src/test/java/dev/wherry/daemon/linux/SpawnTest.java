package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest {

    @TempDir
    Path directory;

    private Path errors() {
        return directory.resolve("errors");
    }

    private String report(int reports, int wanted, String script) throws IOException {
        try (Spawn.Child child =
                Spawn.start(List.of("/bin/sh", "-c", script), List.of("A=b c"), directory, errors(), reports)) {
            return new String(child.report(wanted).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void reportsComeFromTheDescriptorsAboveTheStandardThree() throws IOException {
        String script = "echo three >&3; echo four >&4";
        assertThat(report(2, 0, script)).isEqualTo("three\n");
        assertThat(report(2, 1, script)).isEqualTo("four\n");
    }

    @Test
    void childHasItsOwnEnvironmentDirectoryAndSession() throws IOException {
        assertThat(report(1, 0, "{ echo \"$A\"; pwd; } >&3")).isEqualTo("b c\n" + directory.toRealPath() + "\n");
        assertThat(report(1, 0, "cut -d' ' -f1,6 /proc/$$/stat >&3")).matches("([0-9]+) \\1\n");
    }

    @Test
    void childHasNoOtherDescriptorOfOurs() throws IOException {
        // The listing has one of its own, for the folder.
        assertThat(report(1, 0, "exec /bin/ls /proc/self/fd >&3").lines().toList())
                .hasSizeLessThanOrEqualTo(5)
                .contains("0", "1", "2", "3");
    }

    @Test
    void childReadsNothingAndItsErrorsAreKept() throws IOException {
        assertThat(report(1, 0, "cat >&3; echo lost; echo bad >&2")).isEmpty();
        assertThat(errors()).hasContent("bad\n");
    }

    @Test
    void signalsThatThisProcessIgnoresOrBlocksWorkInTheChild() throws IOException {
        // The C library keeps the signals 32 and 33 for itself.
        assertThat(report(1, 0, "grep -E 'Sig(Blk|Ign)' /proc/self/status >&3"))
                .matches("SigBlk:\t0{16}\nSigIgn:\t0{7}[01]80{7}\n|SigBlk:\t0{16}\nSigIgn:\t0{16}\n");
    }

    @Test
    void absentProgramIsAnError() throws IOException {
        int before = descriptors();
        assertThatThrownBy(() -> Spawn.start(List.of("/no/program"), List.of(), directory, errors(), 1))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("/no/program");
        assertThat(descriptors()).isLessThanOrEqualTo(before);
    }

    private static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }
}

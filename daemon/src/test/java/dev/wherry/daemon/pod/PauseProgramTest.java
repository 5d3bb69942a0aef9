package dev.wherry.daemon.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.Spawn;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program is one that this kernel runs, which waits, reaps, has nothing to be misused for, and ends when it is killed. */
class PauseProgramTest {

    /** The bit of SIGCHLD in the masks of signals. */
    private static final long CHILD = 1L << 16;

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void makeRoot() throws Exception {
        root = Files.createDirectory(folder.resolve("root"));
    }

    @Test
    void waitsWithNothingButItself() throws Exception {
        int pid;
        try (Spawn.Child child = start()) {
            pid = pid(child);
            assertThat(child.report(1).read()).isZero();
            child.order(0).write(0);
        }
        long started = Processes.startTime(pid).orElseThrow();
        Path process = Path.of("/proc", Integer.toString(pid));
        try {
            Path status = process.resolve("status");
            assertThat(field(status, "NSpid")).endsWith("\t1");
            assertThat(Long.parseUnsignedLong(field(status, "SigIgn"), 16) & CHILD)
                    .isEqualTo(CHILD);
            assertThat(field(status, "CapPrm")).isEqualTo("0000000000000000");
            assertThat(field(status, "CapEff")).isEqualTo("0000000000000000");
            assertThat(field(status, "NoNewPrivs")).isEqualTo("1");
            assertThat(field(status, "Seccomp")).isEqualTo("2");
            try (Stream<Path> seen = Files.list(process.resolve("root"))) {
                assertThat(seen).extracting(Path::getFileName).containsExactly(Path.of("pause"));
            }
            assertThat(Files.readAllLines(process.resolve("mountinfo"))).hasSize(2);
            assertThat(process.resolve("root/other")).satisfies(PauseProgramTest::cannotBeWritten);
            assertThat(process.resolve("root/pause")).satisfies(PauseProgramTest::cannotBeWritten);
            assertThat(process.resolve("exe")).satisfies(PauseProgramTest::cannotBeWritten);
            while (true) {
                try (Stream<Path> opened = Files.list(process.resolve("fd"))) {
                    if (opened.findAny().isEmpty()) {
                        break;
                    }
                }
                Thread.sleep(1);
            }
            assertThat(root).isEmptyDirectory();
        } finally {
            Processes.kill(pid, Processes.SIGKILL);
        }
        awaitEnd(pid, started);
    }

    @Test
    void endsWithADaemonThatHasNotTakenNote() throws Exception {
        int pid;
        long started;
        try (Spawn.Child child = start()) {
            pid = pid(child);
            assertThat(child.report(1).read()).isZero();
            started = Processes.startTime(pid).orElseThrow();
        }

        awaitEnd(pid, started);
    }

    @Test
    void isWrittenOnce() throws Exception {
        Path file = folder.resolve("pause");
        PauseProgram.write(file);
        Object inode = Files.getAttribute(file, "unix:ino");

        PauseProgram.write(file);

        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        assertThat(Files.size(file)).isLessThan(1024);
    }

    @ParameterizedTest
    @CsvSource({"amd64, 62, 1", "aarch64, 183, 4"})
    void eachProcessorHasAProgramOfItsOwn(String processor, short machine, int instruction) {
        ByteBuffer program = ByteBuffer.wrap(PauseProgram.bytes(processor)).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(program.getShort(18)).isEqualTo(machine);
        // The segment is loaded at 0x400000; instructions of aarch64 are words.
        assertThat(program.getLong(24) - 0x400000).isPositive().isLessThan(program.limit());
        assertThat(program.getLong(24) % instruction).isZero();
        assertThat(program.getLong(96)).isEqualTo(program.limit());
    }

    @Test
    void unknownProcessorIsNamedInTheRefusal() {
        assertThatThrownBy(() -> PauseProgram.bytes("riscv64")).hasMessageContaining("x86-64 or aarch64");
    }

    private Spawn.Child start() throws Exception {
        return NetworkNamespace.start(List.of(), PauseProgram.write(folder.resolve("pause")), root, 2, 1);
    }

    private static int pid(Spawn.Child child) throws Exception {
        return Integer.reverseBytes(new DataInputStream(child.report(0)).readInt());
    }

    private static void cannotBeWritten(Path file) {
        assertThat(file).satisfies(path -> {
            try {
                Files.writeString(path, "");
                throw new AssertionError(path + " can be written");
            } catch (IOException refused) {
                assertThat(refused).hasMessageContaining("Read-only file system");
            }
        });
    }

    private static void awaitEnd(int pid, long started) throws Exception {
        while (!Processes.hasEnded(pid, started)) {
            Thread.sleep(1);
        }
    }

    private static String field(Path status, String name) throws Exception {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}

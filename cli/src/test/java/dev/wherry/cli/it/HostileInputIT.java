package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody should give the daemon: each is refused in one line, and the store is as before. */
class HostileInputIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private SortedMap<String, Long> before;
    private Path folder;

    @BeforeEach
    void remember() throws Exception {
        Busybox.importInto(daemon);
        before = Holdings.rows(daemon);
        folder = Files.createTempDirectory(daemon.home(), "case-");
    }

    @AfterEach
    void theStoreIsAsBefore() {
        Awaitility.await().untilAsserted(() -> {
            assertThat(Holdings.rows(daemon)).isEqualTo(before);
            assertThat(Holdings.wrong(daemon)).isEmpty();
        });
        Awaitility.await()
                .untilAsserted(() -> assertThat(daemon.log()).doesNotContain("internal error", "Exception", "ERROR"));
        daemon.wherry("version").ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../../outside", "/../outside", ".."})
    void tarEntryThatLeavesTheRoot(String name) throws Exception {
        Files.write(folder.resolve("tar"), HostileTar.of(HostileTar.file(name, "hostile")));

        assertThat(importFile().refuses(1)).contains("tar entry", name);
    }

    @Test
    void tarEntryBehindASymlinkStaysInTheRoot() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.write(
                folder.resolve("tar"),
                HostileTar.of(
                        HostileTar.symlink("absolute", outside.toString()),
                        HostileTar.symlink("relative", "../../../../../../../.." + outside),
                        HostileTar.file("absolute/file", "hostile"),
                        HostileTar.file("relative/file", "hostile"),
                        HostileTar.file(outside + "/absolute", "hostile")));

        importFile().ok();

        assertThat(outside).isEmptyDirectory();
        daemon.wherry("rmi", "hostile").ok();
    }

    @Test
    void hardLinkToAFileOfTheHost() throws Exception {
        Files.write(folder.resolve("tar"), HostileTar.of(HostileTar.link("shadow", "/etc/shadow")));

        assertThat(importFile().refuses(1)).contains("tar entry", "shadow");
    }

    /** Images may hold devices; a step must not be able to use them. */
    @Test
    void deviceOfAnImageCannotBeOpened() throws Exception {
        Path tar = Files.copy(Busybox.tar(daemon.home()), folder.resolve("tar"));
        byte[] plain = Files.readAllBytes(tar);
        byte[] device = HostileTar.of(HostileTar.device("disk", 1, 1));
        // Before the entries of busybox: what ends an archive is at the end only.
        byte[] both = Arrays.copyOf(device, 512 + plain.length);
        System.arraycopy(plain, 0, both, 512, plain.length);
        Files.write(tar, both);
        importFile().ok();

        Outcome read = daemon.wherry("run", "--rm", "hostile", "head", "-c", "1", "/disk");

        assertThat(read.exits(1).stderr()).containsAnyOf("Operation not permitted", "Permission denied");
        daemon.wherry("rmi", "hostile").ok();
    }

    @Test
    void messageThatIsTooLarge() throws Exception {
        List<String> command = new ArrayList<>(List.of("create"));
        for (int i = 0; i < 3; i++) {
            command.addAll(List.of("-e", "V" + i + "=" + "x".repeat(100_000)));
        }
        command.addAll(List.of("busybox", "true"));

        assertThat(daemon.wherry(command.toArray(String[]::new)).refuses(1)).contains("at most 256 KiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "gzip", "zstd"})
    void truncatedArchive(String compression) throws Exception {
        byte[] whole = compressed(compression, Files.readAllBytes(Busybox.tar(daemon.home())));
        Files.write(folder.resolve("tar"), Arrays.copyOf(whole, whole.length / 2));

        importFile().refuses(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void corruptArchive(String compression) throws Exception {
        byte[] whole = compressed(compression, Files.readAllBytes(Busybox.tar(daemon.home())));
        byte[] noise = new byte[4096];
        new Random(1).nextBytes(noise);
        System.arraycopy(noise, 0, whole, whole.length / 2, noise.length);
        Files.write(folder.resolve("tar"), whole);

        importFile().refuses(1);
    }

    @Test
    void archiveThatIsNone() throws Exception {
        Files.write(folder.resolve("tar"), "this is no archive".repeat(100).getBytes(StandardCharsets.UTF_8));
        assertThat(importFile().refuses(1)).contains("not a tar archive");

        Files.write(folder.resolve("tar"), new byte[0]);
        assertThat(importFile().refuses(1)).contains("empty");
    }

    @Test
    void compressionBomb() throws Exception {
        // Zeros twice compressed: every megabyte unpacks to a gigabyte, the limit of one ratio notwithstanding.
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(HostileTar.header("zeros", '0', "", 1L << 34));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 256; i++) {
                gzip.write(zeros);
            }
        }
        Files.write(folder.resolve("tar"), compressed("zstd", bomb.toByteArray()));
        importFile().refuses(1);

        Files.write(folder.resolve("header"), HostileTar.header("zeros", '0', "", 1L << 33));
        Process zstd = new ProcessBuilder(
                        "sh", "-c", "(head -c 512 header; head -c 8G /dev/zero) | zstd -1 -q -o tar -f")
                .directory(folder.toFile())
                .start();
        assertThat(zstd.waitFor()).isZero();
        assertThat(importFile().refuses(1)).contains("times its size");
    }

    @ParameterizedTest
    @ValueSource(strings = {"link/passwd", "link", "../case", "/../../etc/passwd"})
    void copyOutOfTheContext(String source) throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc"));
        Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\nCOPY " + source + " /x\nRUN cat /x/passwd\n");

        assertThat(build().refuses(1)).contains("Dockerfile:");
        daemon.wherry("builder", "prune", "-af").ok();
    }

    @Test
    void dockerfileOutOfTheContext() throws Exception {
        Files.createSymbolicLink(folder.resolve("Dockerfile"), Path.of("/proc/self/environ"));

        build().refuses(1);
    }

    @Test
    void specialFilesInTheContextDoNotBlock() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("fifo").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(new ProcessBuilder("mknod", folder.resolve("device").toString(), "c", "1", "5")
                        .start()
                        .waitFor())
                .isZero();
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
            assertThat(copied("fifo")).isEqualTo("fifo");
            assertThat(copied("device")).isEqualTo("character special file");
            assertThat(copied("socket"))
                    .as("a socket is left out, as tar leaves it out")
                    .isEqualTo("nothing");
            assertThat(copied(".")).isEqualTo("directory\nregular file\ncharacter special file\nfifo");
        }
    }

    /** What kind of file a build makes of a file of the context, and of those in it. */
    private String copied(String name) throws IOException {
        Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\nCOPY " + name + " /copied\n");
        build().ok();
        String script = "stat -c %F /copied /copied/* 2>/dev/null; test -e /copied || echo nothing";
        String kinds =
                daemon.wherry("run", "--rm", "hostile", "sh", "-c", script).ok().line();
        daemon.wherry("rmi", "hostile").ok();
        daemon.wherry("builder", "prune", "-af").ok();
        return kinds;
    }

    @Test
    void namesOfAnyBytesAreCopiedAsTheyAre() throws Exception {
        Process make = new ProcessBuilder(
                        "sh",
                        "-c",
                        "printf one > 'new\nline'; printf two > \"$(printf 'latin\\351')\"; printf three > '-rf'")
                .directory(folder.toFile())
                .start();
        assertThat(make.waitFor()).isZero();
        Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\nCOPY . /odd\n");
        build().ok();

        Outcome read =
                daemon.wherry("run", "--rm", "hostile", "sh", "-c", "cd /odd; cat new*line latin* ./-rf; ls | wc -c");

        assertThat(read.ok().stdout().strip())
                .isEqualTo("onetwothree" + ("new\nline\nlatin?\n-rf\nDockerfile\n").length());
        daemon.wherry("rmi", "hostile").ok();
        daemon.wherry("builder", "prune", "-af").ok();
    }

    @Test
    void dockerfileThatIsNone() throws Exception {
        byte[] garbage = new byte[100_000];
        new Random(2).nextBytes(garbage);
        for (byte[] content : new byte[][] {
            new byte[0],
            garbage,
            new byte[10_000],
            ("FROM busybox\n" + "RUN true\n".repeat(2 << 20 >> 3)).getBytes(StandardCharsets.UTF_8),
            ("FROM busybox\nRUN " + "x".repeat(2 << 20)).getBytes(StandardCharsets.UTF_8),
            "FROM busybox\nFLY away\n".getBytes(StandardCharsets.UTF_8),
            "FROM \0\n".getBytes(StandardCharsets.UTF_8),
            "FROM busybox\nCOPY \0 /\n".getBytes(StandardCharsets.UTF_8),
            "FROM busybox\nWORKDIR /a\0b\n".getBytes(StandardCharsets.UTF_8)
        }) {
            Files.write(folder.resolve("Dockerfile"), content);

            build().refuses(1);
        }
        daemon.wherry("builder", "prune", "-af").ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "UPPER", "a//b", "a:b:c", "-", "a@sha256:00", "host:99999999/x", "a b", "../x"})
    void nameThatIsNone(String name) {
        daemon.wherry("tag", "busybox", name).refuses(1);
        daemon.wherry("run", "--name", "x/y", "busybox", "true").refuses(125);
    }

    private Outcome importFile() {
        return daemon.wherry("import", folder.resolve("tar").toString(), "hostile");
    }

    private Outcome build() {
        return daemon.wherry("build", "-t", "hostile", folder.toString());
    }

    private byte[] compressed(String program, byte[] plain) throws IOException, InterruptedException {
        Path source = Files.write(folder.resolve("plain"), plain);
        Path target = folder.resolve("compressed");
        Process process = new ProcessBuilder("sh", "-c", program.equals("cat") ? "cat" : program + " -c")
                .redirectInput(source.toFile())
                .redirectOutput(target.toFile())
                .start();
        assertThat(process.waitFor()).as(program).isZero();
        return Files.readAllBytes(target);
    }
}

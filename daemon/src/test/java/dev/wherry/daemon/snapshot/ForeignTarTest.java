package dev.wherry.daemon.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as GNU tar and Python's tarfile write them, in each of their formats. */
class ForeignTarTest {

    private static final String LONG = "long-" + "n".repeat(95) + "/" + "m".repeat(120);
    private static final int OWNER = 3_000_000;

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = new Store();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static byte[] output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return output;
    }

    private Path unpacked(byte[] tar) {
        return store.fs(store.snapshotter.importTar(store.lease, new ByteArrayInputStream(tar)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "oldgnu", "posix"})
    void namesOwnersModesAndLinksOfGnuTarArrive(String format) throws Exception {
        Path folder = Files.createDirectory(store.base.resolve("made"));
        Files.createDirectories(folder.resolve(LONG).getParent());
        Files.writeString(folder.resolve(LONG), "content");
        Files.createLink(folder.resolve("hard"), folder.resolve(LONG));
        Files.createSymbolicLink(folder.resolve("soft"), Path.of("t".repeat(200)));
        Files.writeString(folder.resolve("tool"), "tool");
        output(List.of("chmod", "4751", folder.resolve("tool").toString()));
        List<String> tar = new ArrayList<>(List.of("tar", "-C", folder.toString(), "-c", "-H", format));
        tar.addAll(List.of("--sort=name", "--owner=far:" + OWNER, "--group=far:" + OWNER, "."));

        Path files = unpacked(output(tar));

        assertThat(files.resolve(LONG)).hasContent("content");
        assertThat(Inodes.status(files.resolve("hard")).inode())
                .isEqualTo(Inodes.status(files.resolve(LONG)).inode());
        assertThat(Files.readSymbolicLink(files.resolve("soft"))).hasToString("t".repeat(200));
        FileStatus tool = Inodes.status(files.resolve("tool"));
        assertThat(tool.permissions()).isEqualTo(04751);
        assertThat(tool.uid()).isEqualTo(OWNER);
        assertThat(tool.gid()).isEqualTo(OWNER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GNU_FORMAT", "PAX_FORMAT"})
    void archivesOfPythonArrive(String format) throws Exception {
        byte[] tar = output(List.of("python3", "-c", """
            import io, sys, tarfile
            tar = tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.%s)
            def add(name, kind=tarfile.REGTYPE, data=b"", **more):
                entry = tarfile.TarInfo(name)
                entry.type, entry.size, entry.mode, entry.mtime = kind, len(data), 0o2750, 1234567.25
                entry.uid = entry.gid = %d
                for key, value in more.items():
                    setattr(entry, key, value)
                tar.addfile(entry, io.BytesIO(data))
            add("d\\u00e9j\\u00e0", tarfile.DIRTYPE)
            add("d\\u00e9j\\u00e0/%s", data=b"long")
            add("hard", tarfile.LNKTYPE, linkname="d\\u00e9j\\u00e0/%s")
            add("soft", tarfile.SYMTYPE, linkname="t" * 150)
            add("pipe", tarfile.FIFOTYPE)
            tar.close()
            """.formatted(format, OWNER, LONG, LONG)));

        Path files = unpacked(tar);

        Path file = files.resolve("d\u00e9j\u00e0").resolve(LONG);
        assertThat(file).hasContent("long");
        FileStatus status = Inodes.status(file);
        assertThat(status.permissions()).isEqualTo(02750);
        assertThat(status.uid()).isEqualTo(OWNER);
        assertThat(status.modified()).isEqualTo(1234567);
        assertThat(status.modifiedNanos()).isEqualTo(format.startsWith("PAX") ? 250_000_000 : 0);
        assertThat(Inodes.status(files.resolve("hard")).inode()).isEqualTo(status.inode());
        assertThat(Files.readSymbolicLink(files.resolve("soft"))).hasToString("t".repeat(150));
        assertThat(Inodes.status(files.resolve("pipe")).type()).isEqualTo(FileStatus.FIFO);
    }
}

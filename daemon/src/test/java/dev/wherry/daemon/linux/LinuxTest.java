package dev.wherry.daemon.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of the kernel with names and values of every kind. */
class LinuxTest {

    private static final byte[] ODD = {'a', (byte) 0xff, '%', '?', ' ', (byte) 0xc3};

    @TempDir
    private Path folder;

    @Test
    void namesThatAreNoTextKeepTheirBytes() throws IOException {
        Path odd = PathBytes.path(ODD);
        assertThat(PathBytes.of(odd)).isEqualTo(ODD);
        Path file = Files.writeString(folder.resolve(odd), "x");
        Path listed = FileTrees.list(folder).getFirst();

        assertThat(listed).isEqualTo(file);
        assertThat(PathBytes.of(listed.getFileName())).isEqualTo(ODD);
        assertThat(PathBytes.path(PathBytes.of(listed))).isEqualTo(file);
        assertThat(Inodes.status(listed).size()).isEqualTo(1);
    }

    @Test
    void aFolderWithAnOddNameHasNoSlashAtItsEnd() throws IOException {
        Path directory = Files.createDirectory(folder.resolve(PathBytes.path(ODD)));
        assertThat(PathBytes.path(PathBytes.of(directory))).isEqualTo(directory);
        assertThat(PathBytes.of(directory)).endsWith(ODD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/", "/a/b", "a/b", "é", "\uFFFD", "a\uFFFD/b", "..", "../x"})
    void textIsItsUtf8(String text) {
        assertThat(PathBytes.of(Path.of(text))).isEqualTo(text.getBytes(UTF_8));
        assertThat(PathBytes.path(text.getBytes(UTF_8))).isEqualTo(Path.of(text));
    }

    @Test
    void aNulIsInNoName() {
        assertThatThrownBy(() -> PathBytes.path(new byte[] {'a', 0})).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> PathBytes.path(new byte[] {(byte) 0xff, 0})).isInstanceOf(InvalidPathException.class);
    }

    @Test
    void mountPointsAreListedWithOddNamesToo() throws IOException {
        Path target = Files.createDirectory(
                folder.toRealPath().resolve(PathBytes.path(new byte[] {'a', ' ', '\\', '\n', (byte) 0xff})));
        Mounts.tmpfs(target, "size=64k");
        try {
            assertThat(Mounts.list()).anySatisfy(mount -> {
                assertThat(mount.target()).isEqualTo(target);
                assertThat(mount.type()).isEqualTo("tmpfs");
                assertThat(mount.options()).contains("nodev");
                assertThat(mount.superOptions()).contains("size=64k");
            });
        } finally {
            Mounts.unmount(target);
        }
        assertThat(Mounts.list())
                .noneSatisfy(mount -> assertThat(mount.target()).isEqualTo(target));
    }

    @Test
    void aFailedCallTellsItsNameFileAndReason() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Inodes.chmod(missing, 0))
                .isInstanceOf(SystemCallException.class)
                .hasMessage("chmod " + missing + ": No such file or directory")
                .satisfies(failure ->
                        assertThat(((SystemCallException) failure).errno()).isEqualTo(SystemCallException.ENOENT));
    }

    @Test
    void longAttributesAreReadWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        byte[] value = "v".repeat(3000).getBytes(UTF_8);
        Inodes.setXattr(file, "user.long", value);

        assertThat(Inodes.xattr(file, "user.long")).hasValue(value);
        assertThat(Inodes.xattr(file, "user.other")).isEmpty();
        assertThat(Inodes.xattrs(file)).containsExactly("user.long");
    }

    @Test
    void removingATreeFollowsNoLinkAndCountsEachInodeOnce() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "safe");
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), folder);
        Files.writeString(tree.resolve("a"), "12345");
        Files.createLink(tree.resolve("b"), tree.resolve("a"));
        Files.createLink(tree.resolve("c"), outside);

        assertThat(FileTrees.remove(tree)).isEqualTo(5);
        assertThat(tree).doesNotExist();
        assertThat(outside).hasContent("safe");
        assertThat(FileTrees.remove(tree)).isZero();
    }

    @Test
    void removingATreeReachesDeeperThanAnyPath() throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        String script = "i=0; while [ $i -lt 60 ]; do mkdir " + "d".repeat(200) + "; cd " + "d".repeat(200)
                + "; i=$((i+1)); done; echo x > f";
        assertThat(new ProcessBuilder("bash", "-c", script)
                        .directory(tree.toFile())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(FileTrees.remove(tree)).isEqualTo(2);
        assertThat(tree).doesNotExist();
    }

    @Test
    void removingATreeUnlocksImmutableFiles() throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Path file = Files.writeString(tree.resolve("f"), "x");
        Process chattr = new ProcessBuilder("chattr", "+i", file.toString(), tree.toString()).start();
        assertThat(chattr.waitFor())
                .as("chattr; the folder of temporary files must be on a file system with attributes, such as ext4")
                .isZero();
        assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(IOException.class);

        assertThat(FileTrees.remove(tree)).isEqualTo(1);
        assertThat(tree).doesNotExist();
    }

    @Test
    void aProcessIsKnownByItsIdAndStartTime() throws Exception {
        int own = (int) ProcessHandle.current().pid();
        Process sleep = new ProcessBuilder("sleep", "100").start();
        int pid = (int) sleep.pid();

        assertThat(Processes.startTime(own)).isPresent();
        assertThat(Processes.kill(pid, 0)).isTrue();
        assertThat(Processes.kill(pid, Processes.SIGKILL)).isTrue();
        sleep.waitFor();
        assertThat(Processes.kill(pid, 0)).isFalse();
        assertThat(Processes.startTime(pid)).isEmpty();
        assertThatThrownBy(() -> Processes.kill(-1, 9)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theBootAndTheMountNamespaceHaveAName() throws IOException {
        assertThat(Boot.id()).matches("[0-9a-f-]{36}").isEqualTo(Boot.id());
        assertThat(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")))
                .hasToString("mnt:[" + Processes.mountNamespace() + "]");
    }
}

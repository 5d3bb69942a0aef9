package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootedPathTest {

    @TempDir
    private Path root;

    private RootedPath rooted;

    @BeforeEach
    void plant() throws IOException {
        Files.createDirectories(root.resolve("usr/lib"));
        Files.writeString(root.resolve("usr/file"), "x");
        link("lib", "usr/lib");
        link("absolute", "/usr/lib");
        link("out", "../../../../../../../../etc");
        link("twice", "lib");
        link("usr/up", "..");
        link("dangling", "/var/new");
        link("loop", "loop");
        rooted = new RootedPath(root);
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }

    /** Links that lead out of it would make JUnit complain. */
    @AfterEach
    void clear() throws IOException {
        FileTrees.remove(root.resolve("out"));
        FileTrees.remove(root.resolve("absolute"));
    }

    @ParameterizedTest
    @CsvSource({
        "usr/lib/x, usr/lib/x",
        "/usr/lib/x, usr/lib/x",
        "lib/x, usr/lib/x",
        "twice, usr/lib",
        "absolute/x, usr/lib/x",
        "out/passwd, etc/passwd",
        "../../etc, etc",
        "lib/../file, usr/file",
        "usr/up/lib, usr/lib",
        "missing/a/b, missing/a/b",
        "missing/../lib, usr/lib",
        "dangling/x, var/new/x",
        "., ''",
        "/, ''",
    })
    void aPathMeansWhatItWouldInAChroot(String path, String result) throws IOException {
        assertThat(rooted.resolve(Path.of(path))).isEqualTo(root.resolve(result));
    }

    @ParameterizedTest
    @CsvSource({"lib, lib", "twice, twice", "absolute/../up, usr/up", "lib/x, usr/lib/x", "loop, loop"})
    void theLastComponentIsNotFollowedWhenItsParentIsAsked(String path, String result) throws IOException {
        assertThat(rooted.resolveParent(Path.of(path))).isEqualTo(root.resolve(result));
    }

    @Test
    void aLoopOrAFileOnTheWayIsAnError() {
        assertThatThrownBy(() -> rooted.resolve(Path.of("loop"))).isInstanceOf(FileSystemLoopException.class);
        assertThatThrownBy(() -> rooted.resolve(Path.of("usr/file/x"))).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> rooted.createDirectories(Path.of("usr/file"), 0755, 0, 0))
                .isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void twoHundredAndFiftyFiveLinksAreFollowedButNoMore() throws IOException {
        link("l0", "usr");
        for (int i = 1; i <= 255; i++) {
            link("l" + i, "l" + (i - 1));
        }
        assertThat(rooted.resolve(Path.of("l254"))).isEqualTo(root.resolve("usr"));
        assertThatThrownBy(() -> rooted.resolve(Path.of("l255"))).isInstanceOf(FileSystemLoopException.class);
    }

    @Test
    void missingFoldersAreMadeWithTheirModeAndOwnerAndOthersLeftAlone() throws IOException {
        Inodes.chmod(root.resolve("usr/lib"), 0700);
        Path made = rooted.createDirectories(Path.of("lib/a/b"), 01777, 5, 6);

        assertThat(made).isEqualTo(root.resolve("usr/lib/a/b"));
        for (Path folder : new Path[] {made, made.getParent()}) {
            FileStatus status = Inodes.status(folder);
            assertThat(status.permissions()).isEqualTo(01777);
            assertThat(status.uid()).isEqualTo(5);
            assertThat(status.gid()).isEqualTo(6);
        }
        assertThat(Inodes.status(root.resolve("usr/lib")).permissions()).isEqualTo(0700);
        assertThat(rooted.createDirectories(Path.of("dangling"), 0755, 0, 0)).isEqualTo(root.resolve("var/new"));
        assertThat(root.resolve("var/new")).isDirectory();
    }
}

package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are opened are noted under the names they were opened by. */
class OpenedFilesTest {

    @TempDir
    Path root;

    @Test
    void filesOpenedInTheDirectoriesAreNamedAndNoOthers() throws Exception {
        Files.createDirectories(root.resolve("app/src"));
        Files.createDirectories(root.resolve("app/lib"));
        for (String name : List.of("app/a", "app/b", "app/src/c", "app/lib/d")) {
            Files.writeString(root.resolve(name), name);
        }
        Optional<OpenedFiles> watch = OpenedFiles.watch(root, List.of("/app", "/app/src", "/nowhere"), 100);
        assertThat(watch).as("needs root").isPresent();
        try (OpenedFiles opened = watch.get()) {
            Files.readString(root.resolve("app/a"));
            Files.readString(root.resolve("app/a"));
            Files.readString(root.resolve("app/src/c"));
            Files.readString(root.resolve("app/lib/d"));

            assertThat(opened.paths()).contains(Set.of("/app/a", "/app/src/c"));
        }
    }

    @Test
    void tooManyFilesAreNotToldAtAll() throws Exception {
        for (int i = 0; i < 10; i++) {
            Files.writeString(root.resolve("f" + i), "");
        }
        Optional<OpenedFiles> watch = OpenedFiles.watch(root, List.of("/"), 5);
        assertThat(watch).as("needs root").isPresent();
        try (OpenedFiles opened = watch.get()) {
            for (int i = 0; i < 10; i++) {
                Files.readString(root.resolve("f" + i));
            }

            assertThat(opened.paths()).isEmpty();
        }
    }
}

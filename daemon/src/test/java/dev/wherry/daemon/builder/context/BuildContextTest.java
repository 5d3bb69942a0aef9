package dev.wherry.daemon.builder.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which file of a context is its Dockerfile. */
class BuildContextTest {

    @TempDir
    Path root;

    @ParameterizedTest
    @EnumSource(BuildContext.Origin.class)
    void aDockerfileInSmallLettersIsTakenWhereThereIsNoOther(BuildContext.Origin origin) throws IOException {
        BuildContext context = new BuildContext(root, "the context", origin);
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("dockerfile"), "small");
        Files.writeString(root.resolve("sub/dockerfile"), "below");
        assertThat(context.dockerfile("Dockerfile")).asString().isEqualTo("small");
        assertThat(context.dockerfile("sub/Dockerfile")).asString().isEqualTo("below");
        Files.writeString(root.resolve("Dockerfile"), "capital");
        assertThat(context.dockerfile("Dockerfile")).asString().isEqualTo("capital");
        assertThat(context.dockerfile("dockerfile")).asString().isEqualTo("small");
    }

    @Test
    void theUsualNameIsNamedWhenThereIsNeither() {
        assertThatThrownBy(() -> BuildContext.shared(root).dockerfile("Dockerfile"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("cannot find the Dockerfile " + root.resolve("Dockerfile"));
    }
}

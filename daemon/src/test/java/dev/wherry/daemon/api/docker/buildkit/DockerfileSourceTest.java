package dev.wherry.daemon.api.docker.buildkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DockerfileSourceTest {

    private final DockerfileSource source = of(IntStream.rangeClosed(1, 40)
            .mapToObj(line -> "RUN step " + line + "\n")
            .collect(Collectors.joining()));

    private static DockerfileSource of(String text) {
        return new DockerfileSource("Dockerfile", text.getBytes(StandardCharsets.UTF_8));
    }

    private String around(int line, int end) {
        return source.around(line, end)
                .map(lines -> lines.getData().toStringUtf8())
                .orElse("none");
    }

    @Test
    void linesAroundAPlaceStandAtTheirPlaces() {
        String[] lines = around(20, 21).split("\n", -1);

        assertThat(lines[14]).isEmpty();
        assertThat(lines[15]).isEqualTo("RUN step 16");
        assertThat(lines[19]).isEqualTo("RUN step 20");
        assertThat(lines[24]).isEqualTo("RUN step 25");
        assertThat(lines).hasSize(26);
    }

    @Test
    void beginningAndEndOfTheFileHaveNothingBeyond() {
        assertThat(around(1, 1)).startsWith("RUN step 1\n").endsWith("RUN step 5\n");
        assertThat(around(40, 40)).endsWith("RUN step 40\n");
    }

    @Test
    void placesThatAreNoneShowNothing() {
        assertThat(around(0, 0)).isEqualTo("none");
        assertThat(around(41, 41)).isEqualTo("none");
        assertThat(of("RUN " + "x".repeat(2_000)).around(1, 1)).isEmpty();
        assertThat(of("\n".repeat(5_000) + "RUN x").around(5_001, 5_001)).isEmpty();
    }

    @Test
    void failureOfAStepSaysWhichLinesItIs() {
        Any detail = source.detail(new BuildException("Dockerfile", 2, 3, "RUN step 2", "exit code 3", null))
                .orElseThrow();

        assertThat(detail.getTypeUrl()).isEqualTo("github.com/moby/buildkit/errdefs.Source+json");
        assertThat(detail.getValue().toStringUtf8())
                .contains("\"filename\":\"Dockerfile\"")
                .contains("\"ranges\":[{\"start\":{\"line\":2},\"end\":{\"line\":3}}]");
    }

    @Test
    void mistakeOfTheFileSaysWhere() {
        DockerfileException mistake = new DockerfileException(new Position("Dockerfile", 4, 1, 4), "x", "unknown");

        assertThat(source.detail(new InvalidInputException("unknown", mistake))).isPresent();
        assertThat(source.detail(new InvalidInputException("elsewhere"))).isEmpty();
    }

    @Test
    void placeInAnotherFileIsNotShownInThisOne() {
        assertThat(source.detail(new BuildException("other", 2, 2, "RUN step 2", "exit code 3", null)))
                .isEmpty();
    }
}

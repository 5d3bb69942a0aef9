package dev.wherry.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** Images that a test builds. */
@Timeout(120)
class ImageTest {

    private static String output(ImageFromDockerfile image) {
        try (GenericContainer<?> container =
                new GenericContainer<>(image).withStartupCheckStrategy(new OneShotStartupCheckStrategy())) {
            container.start();
            return container.getLogs();
        }
    }

    @Test
    void fromInstructionsInJava() {
        assertThat(output(new ImageFromDockerfile()
                        .withFileFromString("folder/greeting", "hello from a file")
                        .withDockerfileFromBuilder(file -> file.from("alpine:3.17")
                                .env("WHO", "world")
                                .workDir("/srv")
                                .copy("folder/greeting", "greeting")
                                .run("echo and from a step >>greeting")
                                .cmd("sh", "-c", "cat greeting; echo $WHO"))))
                .isEqualTo("hello from a fileand from a step\nworld\n");
    }

    @Test
    void fromAFolder(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Dockerfile"), """
                FROM alpine:3.17 AS build
                ARG version=none
                COPY *.txt /texts/
                RUN ls /texts >/list; echo $version >>/list
                FROM alpine:3.17 AS last
                COPY --from=build /list /list
                CMD ["cat", "/list"]
                FROM last
                CMD ["echo", "not this one"]
                """);
        Files.writeString(folder.resolve(".dockerignore"), "*.txt\n!kept.txt\n");
        Files.writeString(folder.resolve("kept.txt"), "");
        Files.writeString(folder.resolve("ignored.txt"), "");
        assertThat(output(new ImageFromDockerfile()
                        .withFileFromPath(".", folder)
                        .withBuildArg("version", "1.2")
                        .withTarget("last")))
                .isEqualTo("kept.txt\n1.2\n");
    }

    @Test
    void stepThatFailsFailsTheBuild() {
        assertThatThrownBy(() -> new ImageFromDockerfile()
                        .withDockerfileFromBuilder(
                                file -> file.from("alpine:3.17").run("echo why it failed; exit 7"))
                        .get())
                .hasMessageContaining("returned a non-zero code: 7");
    }
}

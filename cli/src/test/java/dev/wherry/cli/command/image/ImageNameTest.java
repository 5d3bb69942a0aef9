package dev.wherry.cli.command.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "docker.io/library/node:22, node, 22",
        "docker.io/team/app:1, team/app, 1",
        "docker.io/library/a/b:1, library/a/b, 1",
        "localhost:5000/a/b:1, localhost:5000/a/b, 1",
        "localhost:5000/a@sha256:12, localhost:5000/a, <none>",
        "localhost:5000/a:2@sha256:12, localhost:5000/a, 2"
    })
    void familiarNamesLeaveOutTheDefaultRegistry(String reference, String repository, String tag) {
        assertThat(ImageName.of(reference)).isEqualTo(new ImageName(repository, tag));
    }

    @ParameterizedTest
    @CsvSource({"node, node:latest", "localhost:5000/a, localhost:5000/a:latest", "a:1, a:1", "a@sha256:1, a@sha256:1"})
    void missingTagIsLatest(String name, String complete) {
        assertThat(ImageName.withTag(name)).isEqualTo(complete);
    }
}

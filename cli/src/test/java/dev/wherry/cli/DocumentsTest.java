package dev.wherry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents at the top of the project: what they link to is there, and the architecture names every part. */
class DocumentsTest {

    private static final Path PROJECT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"})
    void everyLinkResolves(String document) throws IOException {
        assertThat(links(document))
                .filteredOn(link -> !link.startsWith("https://"))
                .allSatisfy(link -> assertThat(PROJECT.resolve(link)).exists());
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemon/src/main/java/dev/wherry/daemon", "cli/src/main/java/dev/wherry/cli"})
    void architectureLinksToEveryPart(String source) throws IOException {
        List<String> links = links("CONTRIBUTING.md");
        try (Stream<Path> parts = Files.list(PROJECT.resolve(source))) {
            assertThat(parts.filter(Files::isDirectory))
                    .isNotEmpty()
                    .allSatisfy(part ->
                            assertThat(links).contains(source + "/" + part.getFileName() + "/package-info.java"));
        }
    }

    @Test
    void everyCommandOfTheTestsIsThere() {
        assertThat(PROJECT.resolve("check")).isExecutable();
        assertThat(PROJECT.resolve("tutorial")).isExecutable();
    }

    private static List<String> links(String document) throws IOException {
        return LINK.matcher(Files.readString(PROJECT.resolve(document)))
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
    }
}

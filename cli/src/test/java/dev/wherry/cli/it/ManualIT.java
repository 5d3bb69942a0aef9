package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the manual, as the formatter of man sees them. */
class ManualIT {

    @ParameterizedTest
    @ValueSource(strings = {"man1", "man8"})
    void pagesAreWellFormed(String section) throws Exception {
        Path folder = Path.of(System.getProperty("wherry.cli")).resolveSibling("man/" + section);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pages =
                    files.filter(file -> !file.toString().endsWith(".gz")).toList();
            assertThat(pages).isNotEmpty();
            for (Path page : pages) {
                ProcessBuilder man =
                        new ProcessBuilder("man", "--warnings", "-E", "UTF-8", "-l", "-P", "cat", page.toString());
                man.environment().put("LC_ALL", "C.UTF-8");
                man.environment().put("MANWIDTH", "90");

                Outcome shown = Outcome.of(man.command(), man.start(), Duration.ofSeconds(30))
                        .ok();

                assertThat(shown.stderr()).as(page.toString()).isEmpty();
                assertThat(shown.stdout()).contains("NAME\n", "SYNOPSIS\n", "SEE ALSO\n");
            }
        }
    }
}

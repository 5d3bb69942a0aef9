package dev.wherry.daemon.builder.dockerfile.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One folder a rule under {@code src/test/resources/checks}: {@code bad}, a Dockerfile that it objects to, {@code
 * expected}, what it says of that, and {@code good}, one that no rule objects to. {@code -Dgolden=write} writes what is
 * expected anew, to be read in the diff.
 */
class ChecksGoldenTest {

    private static final Path CASES = Path.of("src/test/resources/checks");

    static List<String> rules() throws IOException {
        try (var folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyRuleHasItsFolder() throws IOException {
        assertThat(rules())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Rule.values()).map(Rule::title).toList());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void objectsToWhatIsBad(String rule) throws IOException {
        Path expected = CASES.resolve(rule).resolve("expected");
        String actual = check(rule, "bad");
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(expected, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(expected)).contains(rule);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void hasNothingAgainstWhatIsGood(String rule) throws IOException {
        assertThat(check(rule, "good")).isEmpty();
    }

    private static String check(String rule, String name) throws IOException {
        Path folder = CASES.resolve(rule);
        Dockerfile dockerfile = Dockerfile.parse(name, Files.readAllBytes(folder.resolve(name)));
        Path ignoreFile = folder.resolve("dockerignore");
        IgnorePatterns ignored =
                Files.exists(ignoreFile) ? IgnorePatterns.parse(Files.readAllBytes(ignoreFile)) : IgnorePatterns.none();
        CheckOptions options =
                dockerfile.directives().check().map(CheckOptions::parse).orElse(CheckOptions.DEFAULT);
        return Checks.of(dockerfile, options, CheckContexts.of(dockerfile, ignored)).stream()
                .map(finding -> finding.position().line() + ":"
                        + finding.position().column() + " " + finding.rule().title() + ": " + finding.message() + "\n")
                .collect(Collectors.joining());
    }
}

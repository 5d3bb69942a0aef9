package dev.wherry.daemon.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One folder a case under {@code src/test/resources/dockerfile}: a Dockerfile, and beside it what it must read as, or
 * the error it must give. {@code -Dgolden=write} writes the results anew, to be read in the diff.
 */
class DockerfileGoldenTest {

    private static final Path CASES = Path.of("src/test/resources/dockerfile");

    static List<Path> cases() throws IOException {
        try (var folders = Files.list(CASES)) {
            return folders.map(Path::getFileName).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsAsItsResultSays(Path name) throws IOException {
        Path folder = CASES.resolve(name);
        String actual = read(Files.readAllBytes(folder.resolve("Dockerfile")));
        Path expected = folder.resolve("result");
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(expected, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(expected));
    }

    private static String read(byte[] text) {
        try {
            return InstructionDump.of(Dockerfile.parse("Dockerfile", text));
        } catch (DockerfileException e) {
            return "column " + e.column() + " of " + e.file() + (e.line() == 0 ? "" : ":" + e.line()) + ": "
                    + e.problem() + "\n";
        }
    }
}

package dev.wherry.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyValuesTest {
    @Test
    void keyAloneTakesItsValueFromTheEnvironment() {
        List<String> given = List.of("A=1", "B", "C", "D=");

        assertThat(KeyValues.variables(given, Map.of("B", "2"))).containsExactly("A=1", "B=2", "C", "D=");
        assertThat(KeyValues.set(given, Map.of("B", "2"))).containsExactly("A=1", "B=2", "D=");
        assertThatThrownBy(() -> KeyValues.variables(List.of("=x"), Map.of())).isInstanceOf(Failure.class);
    }

    @Test
    void fileLinesAreTakenLiterallyButForCommentsAndBlanks(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("env"), "# note\n\nA=\"quoted\" # kept\r\n  B=2 \nC\n");

        assertThat(KeyValues.file("--env-file", file.toString())).containsExactly("A=\"quoted\" # kept", "B=2 ", "C");
    }

    @Test
    void labelWithoutValueIsEmpty() {
        assertThat(KeyValues.labels(List.of("a", "b=1=2"))).containsOnly(Map.entry("a", ""), Map.entry("b", "1=2"));
    }
}

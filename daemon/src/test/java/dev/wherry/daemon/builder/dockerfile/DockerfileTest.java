package dev.wherry.daemon.builder.dockerfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DockerfileTest {

    @Test
    void errorsNameTheFileAsGivenAndTheOffendingText() {
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() ->
                        Dockerfile.parse("sub/My.Dockerfile", "FROM a\nCOPY \\\n  --form=b . /\n".getBytes(UTF_8)))
                .withMessage("sub/My.Dockerfile:3:3: unknown flag \"--form\" of COPY (did you mean --from?)")
                .satisfies(e -> {
                    assertThat(e.file()).isEqualTo("sub/My.Dockerfile");
                    assertThat(e.line()).isEqualTo(3);
                    assertThat(e.column()).isEqualTo(3);
                    assertThat(e.offendingText()).isEqualTo("--form=b");
                    assertThat(e.problem()).isEqualTo("unknown flag \"--form\" of COPY (did you mean --from?)");
                });
    }

    @Test
    void offendingTextIsMadeFitForOneLine() {
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> Dockerfile.parse("f", ("FROM a\n\u001b[2J" + "x".repeat(500) + "\n").getBytes(UTF_8)))
                .withMessage("f:2:1: unknown instruction \"\\u001b[2J" + "x".repeat(96) + "…\"");
    }

    @Test
    void expandingANameOfARealInstructionUsesTheFilesEscape() {
        Dockerfile file = Dockerfile.parse("f", "# escape=`\nFROM a\nENV P=c:\\x`$Y Q=\"$P`\"\"\n".getBytes(UTF_8));
        Env env = (Env) file.stages().getFirst().instructions().getFirst();
        Scope before = Scope.of(Map.of("P", "old"));
        assertThat(env.pairs().stream().map(pair -> pair.value().expand(before)))
                .containsExactly("c:\\x$Y", "old\"");
    }

    @Test
    void aStageRunsToTheNextFrom() {
        Dockerfile file = Dockerfile.parse("f", "ARG v\nFROM a\nRUN x\nFROM b AS c\nRUN y\nRUN z".getBytes(UTF_8));
        assertThat(file.globalArgs()).hasSize(1);
        assertThat(file.stages())
                .extracting(stage -> stage.instructions().size())
                .containsExactly(1, 2);
        assertThat(file.stages().getLast().name()).contains("c");
        assertThat(file.stages().getLast().index()).isEqualTo(1);
    }
}

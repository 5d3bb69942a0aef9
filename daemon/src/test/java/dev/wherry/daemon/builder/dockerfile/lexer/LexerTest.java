package dev.wherry.daemon.builder.dockerfile.lexer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class LexerTest {

    @Test
    void placesOfJoinedTextAreThoseOfItsPhysicalLines() {
        LogicalLine line = read("\n  RUN a \\\n# comment\n   b \\\n\n c\n").getFirst();
        assertThat(line.text()).isEqualTo("RUN a    b  c");
        assertThat(line.position()).isEqualTo(new Position("f", 2, 3, 6));
        assertThat(line.position(line.text().indexOf('a'))).isEqualTo(new Position("f", 2, 7, 2));
        assertThat(line.position(line.text().indexOf('b'))).isEqualTo(new Position("f", 4, 4, 4));
        assertThat(line.position(line.text().indexOf('c'))).isEqualTo(new Position("f", 6, 2, 6));
    }

    @Test
    void bodiesOfHereDocumentsBelongToTheirInstruction() {
        List<LogicalLine> lines = read("RUN cat <<A 3<<-'B c' >x\n# a\r\nA\n\tb\\\n\tB c\nUSER u\n");
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().heredocs())
                .containsExactly(
                        new Heredoc("A", 8, 11, 0, true, false, "# a\r\n"),
                        new Heredoc("B c", 12, 21, 3, false, true, "\tb\\\n"));
        assertThat(lines.getFirst().endLine()).isEqualTo(5);
        assertThat(lines.getLast().text()).isEqualTo("USER u");
    }

    @Test
    void onlyRunCopyAndAddHaveHereDocuments() {
        assertThat(read("ENV a=<<A\nCMD x <<A\nRUN x <<<A\nRUN echo \"<<A\"\nRUN x<<A\nRUN echo 'a <<A\n"))
                .allSatisfy(line -> assertThat(line.heredocs()).isEmpty());
        assertThat(read("onbuild add <<A /\nA\n").getFirst().heredocs()).hasSize(1);
    }

    @Test
    void aHereDocumentKeepsAllOfItsBytesOrIsRefused() {
        byte[] text = "RUN <<A\n#  \nA\n".getBytes(UTF_8);
        text[10] = (byte) 0xFC;
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> new Lexer("f", text).read())
                .withMessage("f:2:3: the line is not UTF-8 text")
                .satisfies(e -> assertThat(e.column()).isEqualTo(3));
    }

    private static List<LogicalLine> read(String text) {
        return new Lexer("f", text.getBytes(UTF_8)).read();
    }
}

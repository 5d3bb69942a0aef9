package dev.wherry.daemon.builder.dockerfile.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SourceExcerptTest {

    @Test
    void theLineIsShownWithThePlaceInIt() {
        byte[] file = "\uFEFFFROM a\nRUN é x\r\n".getBytes(UTF_8);
        assertThat(SourceExcerpt.of(file, 1, 6)).contains(new SourceExcerpt("FROM a", 5));
        assertThat(SourceExcerpt.of(file, 2, 7)).contains(new SourceExcerpt("RUN é x", 6));
        assertThat(SourceExcerpt.of(file, 3, 1)).isEmpty();
        assertThat(SourceExcerpt.of(file, 0, 0)).isEmpty();
    }

    @Test
    void whatATerminalWouldObeyIsReplaced() {
        byte[] file = "A\t\u001B[31mB\u009B0m\u0007\n".getBytes(UTF_8);
        assertThat(SourceExcerpt.of(file, 1, 8)).contains(new SourceExcerpt("A \uFFFD[31mB\uFFFD0m\uFFFD", 7));
    }

    @Test
    void ofALongLineThePartAroundThePlaceIsLeft() {
        byte[] file = ("x".repeat(500) + "here" + "y".repeat(500)).getBytes(UTF_8);
        SourceExcerpt excerpt = SourceExcerpt.of(file, 1, 501).orElseThrow();
        assertThat(excerpt.text()).hasSize(102).startsWith("…xxx").endsWith("yyy…");
        assertThat(excerpt.text().substring(excerpt.caret())).startsWith("here");
    }

    @Property
    void anyBytesGiveOneShortLineWithThePlaceInIt(
            @ForAll byte[] file, @ForAll @IntRange(max = 5) int line, @ForAll @IntRange(max = 300) int column) {
        SourceExcerpt.of(file, line, column).ifPresent(excerpt -> {
            assertThat(excerpt.text().chars()).noneMatch(Character::isISOControl);
            assertThat(excerpt.text().codePointCount(0, excerpt.text().length()))
                    .isBetween(0, 102);
            assertThat(excerpt.caret()).isBetween(0, 102);
        });
    }
}

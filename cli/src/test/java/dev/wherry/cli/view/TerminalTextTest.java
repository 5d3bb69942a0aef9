package dev.wherry.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TerminalTextTest {
    @Test
    void escapeSequencesAreDropped() {
        assertThat(TerminalText.sanitised("\033[31mred\033[0m \033]0;title\007done\033(B!"))
                .isEqualTo("red done!");
    }

    @Test
    void otherControlsAreReplacedAndTabsFilled() {
        assertThat(TerminalText.sanitised("a\tb\001c\rd")).isEqualTo("a       b\ufffdcd");
    }

    @Property
    void nothingThatATerminalObeysIsLeft(@ForAll String text) {
        assertThat(TerminalText.sanitised(text).chars()).noneMatch(c -> c < ' ' || c >= 0x7f && c < 0xa0);
    }

    @Property
    void escapedTextShowsWhatATerminalWouldObey(@ForAll String text) {
        String escaped = TerminalText.escaped(text);

        assertThat(escaped.chars()).noneMatch(c -> c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e);
        assertThat(escaped.length()).isGreaterThanOrEqualTo(text.length());
    }

    @Test
    void escapesAreThoseOfGo() {
        assertThat(TerminalText.escaped("a\033[2J\n\t\r\u0085é…")).isEqualTo("a\\x1b[2J\\n\\t\\r\\x85é…");
        assertThat(TerminalText.escapedLines("a\033\n\tb")).isEqualTo("a\\x1b\n\tb");
    }

    @Test
    void longTextEndsInAnEllipsis() {
        assertThat(TerminalText.shortened("docker-entrypoint.sh node", 20)).isEqualTo("docker-entrypoint.s…");
        assertThat(TerminalText.shortened("12345678901234567890", 20)).isEqualTo("12345678901234567890");
    }

    @Test
    void shortIdsHaveTwelveDigits() {
        assertThat(TerminalText.shortId("sha256:0123456789abcdef")).isEqualTo("0123456789ab");
    }
}

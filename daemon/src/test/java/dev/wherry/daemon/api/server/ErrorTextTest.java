package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ErrorTextTest {

    @Test
    void ordinarySentencesStayAsTheyAre() {
        String text = "no such image: nöde\n\tpull it first, 100%";

        assertThat(ErrorText.of(text)).isEqualTo(text);
    }

    @Test
    void longNamesAreShortenedInTheMiddle() {
        String shown = ErrorText.of("the entry " + "a".repeat(4000) + "/end leads out of the archive");

        assertThat(shown)
                .startsWith("the entry aaaa")
                .contains("aaa [...] aaa")
                .endsWith("aaaa/end leads out of the archive")
                .hasSizeLessThan(400);
    }

    @Test
    void charactersThatTerminalsObeyAreEscaped() {
        assertThat(ErrorText.of("a\u001b[2Jb\u202ec\rd")).isEqualTo("a\\x1b[2Jb\\u202ec\\x0dd");
        assertThat(ErrorText.name("a\nb")).isEqualTo("a\\x0ab");
    }

    @Property
    void everyTextFitsAHeader(@ForAll @StringLength(max = 20_000) String text) {
        assertThat(ErrorText.of(text.repeat(3)).getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(2048);
    }
}

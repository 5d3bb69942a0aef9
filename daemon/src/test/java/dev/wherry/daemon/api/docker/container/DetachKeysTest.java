package dev.wherry.daemon.api.docker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The keys that leave a terminal, among others that do not. */
class DetachKeysTest {

    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();

    private boolean type(DetachKeys keys, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return keys.take(bytes, bytes.length, passed);
    }

    @Test
    void keysLeaveHoweverTheyArrive() {
        assertThat(type(DetachKeys.parse(""), "ab\u0010\u0011c")).isTrue();
        assertThat(passed.toString(StandardCharsets.ISO_8859_1)).isEqualTo("ab");

        DetachKeys slow = DetachKeys.parse("ctrl-p,ctrl-q");
        assertThat(type(slow, "\u0010")).isFalse();
        assertThat(type(slow, "\u0011")).isTrue();
        assertThat(type(DetachKeys.parse("q"), "q")).isTrue();
        assertThat(type(DetachKeys.parse("ctrl-@,x"), "\0x")).isTrue();
    }

    @Test
    void keysThatTurnOutToBeOthersArePassedOn() {
        DetachKeys keys = DetachKeys.parse("ctrl-p,ctrl-q");
        assertThat(type(keys, "a\u0010")).isFalse();
        assertThat(type(keys, "b\u0010\u0010c")).isFalse();
        assertThat(passed.toString(StandardCharsets.ISO_8859_1)).isEqualTo("a\u0010b\u0010\u0010c");
        assertThat(type(keys, "\u0010\u0010\u0011")).isTrue();
    }

    @Test
    void otherTextsAreNoKeys() {
        for (String text : List.of("ctrl-", "ctrl-!", "ab", "a,", "ü")) {
            assertThatThrownBy(() -> DetachKeys.parse(text)).isInstanceOf(InvalidInputException.class);
        }
    }
}

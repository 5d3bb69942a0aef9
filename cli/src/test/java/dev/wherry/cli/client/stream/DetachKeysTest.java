package dev.wherry.cli.client.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetachKeysTest {
    private final DetachKeys keys = DetachKeys.parse("");

    @Test
    void sequenceIsSwallowedEvenWhenItComesInPieces() {
        assertThat(typed("ab\020")).isEqualTo("ab");
        assertThat(typed("\021rest")).isEmpty();
        assertThat(keys.pressed()).isTrue();
    }

    @Test
    void halfASequenceIsSentWithTheNextKey() {
        assertThat(typed("\020")).isEmpty();
        assertThat(typed("x\020\020")).isEqualTo("\020x\020");
        assertThat(keys.pressed()).isFalse();
    }

    @Test
    void sequenceMayBeginWithinItself() {
        assertThat(typed("\020\020\021")).isEqualTo("\020");
        assertThat(keys.pressed()).isTrue();
    }

    @Test
    void keysAreThoseAskedFor() {
        DetachKeys asked = DetachKeys.parse("a,ctrl-a,ctrl-[,ctrl-_");

        assertThat(asked.filter(new byte[] {'a', 1, 27, 31}, 4)).isEmpty();
        assertThat(asked.pressed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ctrl-", "ctrl-pp", "xx", "ctrl-1", ",", "ctrl-p,", "\u00e9"})
    void keysThatAreNoneAreRefused(String text) {
        assertThatThrownBy(() -> DetachKeys.parse(text))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("invalid detach keys (" + text + "): unknown key");
    }

    private String typed(String text) {
        return new String(keys.filter(text.getBytes(), text.length()));
    }
}

package dev.wherry.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DetachKeysTest {
    private final DetachKeys keys = new DetachKeys();

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

    private String typed(String text) {
        return new String(keys.filter(text.getBytes(), text.length()));
    }
}

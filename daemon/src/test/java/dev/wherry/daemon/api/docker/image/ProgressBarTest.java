package dev.wherry.daemon.api.docker.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Progress as docker draws it. */
class ProgressBarTest {

    @Test
    void barGrowsToItsFullWidth() {
        assertThat(ProgressBar.of(0, 100)).isEqualTo("[>" + " ".repeat(49) + "]  0B/100B");
        assertThat(ProgressBar.of(50, 100)).isEqualTo("[" + "=".repeat(25) + ">" + " ".repeat(24) + "]  50B/100B");
        assertThat(ProgressBar.of(2_220_094, 2_220_094)).isEqualTo("[" + "=".repeat(50) + "]  2.22MB/2.22MB");
        assertThat(ProgressBar.of(300, 100)).startsWith("[" + "=".repeat(50) + "]");
    }

    @Test
    void sizesHaveFourDigits() {
        assertThat(ProgressBar.size(999)).isEqualTo("999B");
        assertThat(ProgressBar.size(1000)).isEqualTo("1kB");
        assertThat(ProgressBar.size(1_234_567)).isEqualTo("1.235MB");
        assertThat(ProgressBar.size(500_000_000)).isEqualTo("500MB");
    }
}

package dev.wherry.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "999, 999B",
        "1000, 1kB",
        "4260000, 4.26MB",
        "1234567, 1.23MB",
        "77800000, 77.8MB",
        "1100000000, 1.1GB",
        "9223372036854775807, 9.22EB"
    })
    void sizesHaveThreeDigits(long bytes, String text) {
        assertThat(Units.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.4S, Less than a second",
        "PT1S, 1 second",
        "PT59S, 59 seconds",
        "PT60S, About a minute",
        "PT119S, About a minute",
        "PT2M, 2 minutes",
        "PT59M59S, 59 minutes",
        "PT60M, About an hour",
        "PT89M, About an hour",
        "PT90M, 2 hours",
        "PT47H, 47 hours",
        "PT48H, 2 days",
        "P13D, 13 days",
        "P14D, 2 weeks",
        "P59D, 8 weeks",
        "P60D, 2 months",
        "P729D, 24 months",
        "P730D, 2 years"
    })
    void durationsAreDockersWords(Duration duration, String words) {
        assertThat(Units.duration(duration)).isEqualTo(words);
    }

    @org.junit.jupiter.api.Test
    void timesOfHistoryAreRfc3339InTheLocalZone() {
        java.util.TimeZone before = java.util.TimeZone.getDefault();
        try {
            java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
            assertThat(Units.rfc3339(1_714_557_600_123_456_789L)).isEqualTo("2024-05-01T10:00:00Z");
            java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("Asia/Kolkata"));
            assertThat(Units.rfc3339(1_714_557_600_123_456_789L)).isEqualTo("2024-05-01T15:30:00+05:30");
        } finally {
            java.util.TimeZone.setDefault(before);
        }
    }
}

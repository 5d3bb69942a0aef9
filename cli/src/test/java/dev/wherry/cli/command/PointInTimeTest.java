package dev.wherry.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PointInTimeTest {
    private static final Instant NOW = Instant.ofEpochSecond(10_000);

    @Test
    void durationsCountBackFromNow() {
        assertThat(PointInTime.nanos("--since", "1h30m", NOW)).isEqualTo(4_600_000_000_000L);
        assertThat(PointInTime.nanos("--since", "10s", NOW)).isEqualTo(9_990_000_000_000L);
        assertThat(PointInTime.nanos("--since", "1.5h", NOW)).isEqualTo(4_600_000_000_000L);
        assertThat(PointInTime.nanos("--since", "1h30m0.5s", NOW)).isEqualTo(4_599_500_000_000L);
    }

    @Test
    void datesAndUnixTimesAreTakenAsTheyStand() {
        assertThat(PointInTime.nanos("--since", "1970-01-01T01:00:00+00:00", NOW))
                .isEqualTo(3_600_000_000_000L);
        assertThat(PointInTime.nanos("--since", "12.5", NOW)).isEqualTo(12_500_000_000L);
        assertThat(PointInTime.nanos("--since", "", NOW)).isZero();
    }

    @Test
    void anythingElseIsRefusedWithAnExample() {
        assertThatThrownBy(() -> PointInTime.nanos("--since", "yesterday", NOW))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "--since yesterday: give a timestamp such as 2026-01-02T13:00:00Z, or a relative time such as 10m");
    }
}

package dev.wherry.daemon.container.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HealthCheckTest {

    private static HealthCheck check(long interval, long timeout, long startPeriod, long startInterval, int retries) {
        return new HealthCheck(List.of("CMD", "true"), interval, timeout, startPeriod, startInterval, retries);
    }

    @Test
    void timesAreAtLeastAMillisecondOrNotGiven() {
        assertThatCode(() -> check(0, 1_000_000, 0, 0, 0).check()).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(-1, 0, 0, 0, 0).check())
                .hasMessage("Interval in Healthcheck cannot be less than 1ms");
        assertThatThrownBy(() -> check(0, 999_999, 0, 0, 0).check())
                .hasMessage("Timeout in Healthcheck cannot be less than 1ms");
        assertThatThrownBy(() -> check(0, 0, 1, 0, 0).check())
                .hasMessage("StartPeriod in Healthcheck cannot be less than 1ms");
        assertThatThrownBy(() -> check(0, 0, 0, 1, 0).check())
                .hasMessage("StartInterval in Healthcheck cannot be less than 1ms");
        assertThatThrownBy(() -> check(0, 0, 0, 0, -1).check()).hasMessage("Retries in Healthcheck cannot be negative");
    }
}

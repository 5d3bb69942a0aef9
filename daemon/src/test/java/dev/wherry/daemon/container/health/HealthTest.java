package dev.wherry.daemon.container.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.state.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a series of results makes of the health of a container, and what checks take from their image. */
class HealthTest {

    private static Health.Result result(int code) {
        return new Health.Result(1, 2, code, "");
    }

    private static Health after(Health health, boolean forgiven, int... codes) {
        for (int code : codes) {
            health = health.after(result(code), forgiven, 3);
        }
        return health;
    }

    @Test
    void oneSuccessMakesItHealthyAndSoManyFailuresInARowMakeItUnhealthy() {
        assertThat(after(Health.UNKNOWN, false, 1, 1).status()).isEqualTo("starting");
        assertThat(after(Health.UNKNOWN, false, 1, 1, 1).status()).isEqualTo("unhealthy");
        Health healthy = after(Health.UNKNOWN, false, 0);
        assertThat(healthy.status()).isEqualTo("healthy");
        assertThat(after(healthy, false, 1, 1, 0, 1, 1).status()).isEqualTo("healthy");
        assertThat(after(healthy, false, 1, 1, 0, 1, 1).failingStreak()).isEqualTo(2);
        assertThat(after(healthy, false, 1, 1, 1).status()).isEqualTo("unhealthy");
        assertThat(after(healthy, false, 1, 1, 1, 0).status()).isEqualTo("healthy");
    }

    @Test
    void failuresOfTheStartPeriodCountForNothingUntilTheFirstSuccess() {
        assertThat(after(Health.UNKNOWN, true, 1, 1, 1, 1)).satisfies(health -> {
            assertThat(health.status()).isEqualTo("starting");
            assertThat(health.failingStreak()).isZero();
        });
        assertThat(after(Health.UNKNOWN, true, 0, 1, 1, 1).status()).isEqualTo("unhealthy");
    }

    @Test
    void lastFiveResultsAreKept() {
        assertThat(after(Health.UNKNOWN, false, 1, 2, 3, 4, 5, 6).results())
                .extracting(Health.Result::exitCode)
                .containsExactly(2, 3, 4, 5, 6);
    }

    @Test
    void whatIsNotGivenIsTheImagesAndElseDockers() {
        HealthCheck given = new HealthCheck(List.of(), 0, 7, 0, 0, 0);
        HealthCheck completed =
                given.completedBy(Map.of("Test", List.of("CMD", "true"), "Interval", 5_000_000_000L, "Timeout", 9));
        assertThat(completed.test()).containsExactly("CMD", "true");
        assertThat(completed.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(completed.timeout()).isEqualTo(Duration.ofNanos(7));
        assertThat(completed.allowedFailures()).isEqualTo(3);
        assertThat(HealthCheck.NONE.interval()).isEqualTo(Duration.ofSeconds(30));
        HealthCheck none = new HealthCheck(List.of("NONE"), 0, 0, 0, 0, 0);
        assertThat(none.completedBy(Map.of("Test", List.of("CMD", "true"))).isAsked())
                .isFalse();
    }
}

package dev.wherry.daemon.container.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.config.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void commandLineRunsInTheShellOfTheImage() {
        HealthCheck line = new HealthCheck(List.of("CMD-SHELL", "curl -f localhost"), 0, 0, 0, 0, 0);

        assertThat(line.command(List.of())).containsExactly("/bin/sh", "-c", "curl -f localhost");
        assertThat(line.command(List.of("/bin/ash", "-euc"))).containsExactly("/bin/ash", "-euc", "curl -f localhost");
        assertThat(new HealthCheck(List.of("CMD", "true"), 0, 0, 0, 0, 0).command(List.of("/bin/ash", "-c")))
                .containsExactly("true");
    }

    /** The container starts at second 0; all times are seconds. */
    @ParameterizedTest(name = "period {0}, start interval {1}, interval {2}, last check at {3}: next at {4}")
    @CsvSource({
        "2, 25, 1, 0, 2",
        "2, 25, 1, 1, 2",
        "10, 4, 30, 8, 12",
        "60, 5, 30, 0, 5",
        "60, 50, 30, 50, 80",
        "60, 25, 1, 50, 60"
    })
    void longStartIntervalDoesNotOutlastTheStartPeriod(
            int period, int startInterval, int interval, int last, int expected) {
        HealthCheck check = new HealthCheck(
                List.of("CMD", "false"), seconds(interval), 0, seconds(period), seconds(startInterval), 1);
        Instant start = Instant.ofEpochSecond(1_000_000);

        assertThat(check.nextWhileStarting(start.plusSeconds(last), start)).isEqualTo(start.plusSeconds(expected));
    }

    private static long seconds(int count) {
        return Duration.ofSeconds(count).toNanos();
    }
}

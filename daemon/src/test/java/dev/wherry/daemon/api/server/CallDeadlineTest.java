package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallDeadlineTest {

    @Test
    void readsTheUnitsOfGrpc() {
        assertThat(CallDeadline.time("2H")).contains(Duration.ofHours(2));
        assertThat(CallDeadline.time("3M")).contains(Duration.ofMinutes(3));
        assertThat(CallDeadline.time("4S")).contains(Duration.ofSeconds(4));
        assertThat(CallDeadline.time("99999999m")).contains(Duration.ofMillis(99_999_999));
        assertThat(CallDeadline.time("6u")).contains(Duration.ofNanos(6000));
        assertThat(CallDeadline.time("7n")).contains(Duration.ofNanos(7));
    }

    @Test
    void ignoresWhatIsNoDeadline() {
        assertThat(CallDeadline.time(null)).isEmpty();
        assertThat(CallDeadline.time("")).isEmpty();
        assertThat(CallDeadline.time("5")).isEmpty();
        assertThat(CallDeadline.time("-5S")).isEmpty();
        assertThat(CallDeadline.time("999999999S")).isEmpty();
        assertThat(CallDeadline.time("99999999H")).isEmpty();
    }
}

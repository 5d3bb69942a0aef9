package dev.wherry.daemon.builder.dockerfile.instruction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "5s, 5s",
        "1m30s, 1m30s",
        "90s, 1m30s",
        "1.5h, 1h30m0s",
        "500ms, 500ms",
        "+.5s, 500ms",
        "1.s, 1s",
        "1500us, 1.5ms",
        "3µs, 3µs",
        "1h1ns, 1h0m0.000000001s",
        "2562047h47m16.854775807s, 2562047h47m16.854775807s"
    })
    void isReadAndWrittenAsGoDoes(String text, String written) {
        assertThat(GoDuration.parse(text).map(GoDuration::text)).contains(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "s", "5 s", "5S", "5s5", "-", ".s", "1e3s", "2562048h", "999999999999999999h", "١s"})
    void anythingElseIsNone(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @Property
    void whatIsWrittenIsReadBack(@ForAll @LongRange(min = 0) long nanos) {
        Duration duration = Duration.ofNanos(nanos);
        assertThat(GoDuration.parse(GoDuration.text(duration))).contains(duration);
    }
}

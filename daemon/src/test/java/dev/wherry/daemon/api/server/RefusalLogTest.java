package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nobody can fill the log, nor hide the refusals of others in it for long. */
class RefusalLogTest {

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final RefusalLog log = new RefusalLog(lines::add, clock::get);

    private void refuse(String address, int times) {
        for (int i = 0; i < times; i++) {
            log.refused(new InetSocketAddress(address, 1000 + i), "it does not speak TLS");
        }
    }

    @Test
    void addressGetsAFewLinesAMinute() {
        refuse("192.0.2.1", 1000);
        refuse("192.0.2.2", 1);

        assertThat(lines)
                .hasSize(RefusalLog.LINES_OF_ADDRESS + 1)
                .startsWith("refused a connection from 192.0.2.1: it does not speak TLS")
                .endsWith("refused a connection from 192.0.2.2: it does not speak TLS");
    }

    @Test
    void allAddressesTogetherGetSomeMore() {
        for (int i = 1; i < 200; i++) {
            refuse("192.0.2." + i, 1);
        }

        assertThat(lines).hasSize(RefusalLog.LINES);
    }

    @Test
    void nextMinuteBeginsWithTheNumberOfTheOthers() {
        refuse("192.0.2.1", 12);
        lines.clear();
        clock.addAndGet(Duration.ofSeconds(61).toNanos());

        log.tellUntold();
        refuse("192.0.2.1", 1);
        log.tellUntold();

        assertThat(lines)
                .containsExactly(
                        "refused " + (12 - RefusalLog.LINES_OF_ADDRESS) + " more connections",
                        "refused a connection from 192.0.2.1: it does not speak TLS");
    }
}

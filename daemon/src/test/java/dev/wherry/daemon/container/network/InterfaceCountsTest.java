package dev.wherry.daemon.container.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is read of the network interfaces of a process. */
class InterfaceCountsTest {

    @Test
    void loopbackDoesNotCount() {
        assertThat(InterfaceCounts.of((int) ProcessHandle.current().pid())).doesNotContainKey("lo");
    }

    @Test
    void countsHaveNames() {
        InterfaceCounts counts =
                new InterfaceCounts(new long[] {10, 2, 3, 4, 0, 0, 0, 0}, new long[] {50, 6, 7, 8, 0, 0, 0, 0});

        assertThat(counts.named())
                .hasSize(8)
                .containsEntry("receive_bytes_total", 10L)
                .containsEntry("receive_packets_dropped_total", 4L)
                .containsEntry("transmit_packets_total", 6L)
                .containsEntry("transmit_errors_total", 7L);
    }

    @Test
    void processThatHasEndedHasNone() {
        assertThat(InterfaceCounts.of(Integer.MAX_VALUE)).isEmpty();
    }
}

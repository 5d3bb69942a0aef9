package dev.wherry.daemon.api.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PieceQueueTest {

    private final AtomicInteger taken = new AtomicInteger();
    private final PieceQueue queue = new PieceQueue(taken::incrementAndGet);

    @Test
    void whatHasArrivedIsReadToTheEnd() throws Exception {
        queue.append("one".getBytes());
        queue.append(new byte[0]);
        queue.append("two".getBytes());
        queue.end();
        queue.append("late".getBytes());

        assertThat(queue.readAllBytes()).asString().isEqualTo("onetwo");
        assertThat(taken).hasValue(3);
    }

    @Test
    void failureComesAfterWhatHasArrived() throws Exception {
        queue.append("a".getBytes());
        queue.fail("the client went away");

        assertThat(queue.read()).isEqualTo('a');
        assertThatThrownBy(queue::read).isInstanceOf(IOException.class).hasMessage("the client went away");
    }

    @Test
    void readerWaitsForWhatArrives() throws Exception {
        Thread.ofVirtual().start(() -> {
            queue.append("b".getBytes());
            queue.end();
        });

        assertThat(queue.readAllBytes()).asString().isEqualTo("b");
    }

    @Test
    void roomIsMadeByReadersAndWhenNobodyReadsAnyMore() throws Exception {
        assertThat(queue.awaitRoom(100, 10, Duration.ZERO)).isTrue();
        queue.append(new byte[8]);
        assertThat(queue.awaitRoom(3, 10, Duration.ofMillis(5))).isFalse();
        assertThat(queue.awaitRoom(2, 10, Duration.ZERO)).isTrue();

        queue.read();
        assertThat(queue.awaitRoom(3, 10, Duration.ZERO)).isTrue();

        queue.append(new byte[9]);
        queue.abandon();
        assertThat(queue.awaitRoom(3, 10, Duration.ZERO)).isTrue();
        assertThat(queue.skip(100)).isEqualTo(7);
        assertThat(queue.read()).isEqualTo(-1);
    }
}

package dev.wherry.cli.client.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ResumableStreamTest {
    private final List<String> told = new ArrayList<>();
    private final LostConnection display = new LostConnection() {
        @Override
        public void lost(String host, Duration left) {
            told.add("lost " + host);
        }

        @Override
        public void again(String host) {
            told.add("again " + host);
        }
    };

    static IntStream seeds() {
        return IntStream.range(0, 12);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothSidesSeeTheSameWhereverConnectionsAreCut(int seed) throws Exception {
        Random random = new Random(seed);
        int size = random.nextBoolean() ? 60 << 10 : random.nextInt(2000);
        int events = 50 + random.nextInt(300);
        int requests = 50 + random.nextInt(300);
        FakeDaemon daemon = new FakeDaemon(random, events, requests, size);
        ResumableStream stream = new ResumableStream(daemon, "build1", display);
        stream.begin(BuildRequest.getDefaultInstance());
        BuildEvent first = stream.read();
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                for (int i = 0; i < requests; i++) {
                    stream.send(BuildRequest.newBuilder()
                            .setDockerfile(ByteString.copyFromUtf8(i + ":").concat(ByteString.copyFrom(new byte[size])))
                            .build());
                }
            } catch (InterruptedException | StatusException end) {
                told.add("failed " + end);
            }
        });
        List<Integer> received = new ArrayList<>();
        for (BuildEvent event = first; event != null; event = stream.read()) {
            received.add(event.getOutput().getStep());
        }
        sender.join();

        assertThat(received).isEqualTo(IntStream.range(0, events).boxed().toList());
        assertThat(daemon.requests())
                .isEqualTo(IntStream.range(0, requests).boxed().toList());
        assertThat(told).isEmpty();
    }

    @Test
    void withoutASessionALostConnectionIsTheEnd() throws Exception {
        FakeDaemon daemon = new FakeDaemon(new Random(1), 100, 0, 10).withoutSession();
        ResumableStream stream = new ResumableStream(daemon, "build1", display);
        stream.begin(BuildRequest.getDefaultInstance());
        stream.read();

        daemon.cut();

        assertThatThrownBy(() -> {
                    while (stream.read() != null) {}
                })
                .isInstanceOf(StatusException.class)
                .hasMessageContaining("UNAVAILABLE");
        assertThat(daemon.connections()).isEqualTo(1);
    }

    @Test
    void aDaemonThatKnowsNothingOfTheBuildIsBelieved() throws Exception {
        FakeDaemon daemon = new FakeDaemon(new Random(1), 100, 0, 10);
        ResumableStream stream = new ResumableStream(daemon, "build1", display);
        stream.begin(BuildRequest.getDefaultInstance());
        stream.read();
        Metadata answer = new Metadata();
        answer.put(Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER), "application/grpc");

        daemon.refuse(Status.NOT_FOUND.withDescription("forgotten").asException(answer));
        daemon.cut();

        assertThatThrownBy(() -> {
                    while (stream.read() != null) {}
                })
                .hasMessageContaining("forgotten");
        assertThat(daemon.connections()).isEqualTo(2);
    }

    @Test
    void aLossThatLastsIsToldAndEndsWithThePatience() throws Exception {
        FakeDaemon daemon = new FakeDaemon(new Random(1), 100, 0, 10).patient(3);
        ResumableStream stream = new ResumableStream(daemon, "build1", display);
        stream.begin(BuildRequest.getDefaultInstance());
        stream.read();

        daemon.refuse(Status.UNAVAILABLE.asException());
        daemon.cut();

        assertThatThrownBy(() -> {
                    while (stream.read() != null) {}
                })
                .hasMessageContaining("UNAVAILABLE");
        assertThat(told).containsExactly("lost build1");
        assertThat(daemon.connections()).isBetween(3, 8);
    }

    @Test
    void cancellingFreesWhoeverWaitsAndWaitsForTheDaemon() throws Exception {
        FakeDaemon daemon = new FakeDaemon(new Random(1), 1, 1000, 60 << 10).deaf();
        ResumableStream stream = new ResumableStream(daemon, "build1", display);
        stream.begin(BuildRequest.getDefaultInstance());
        stream.read();
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    stream.send(BuildRequest.newBuilder()
                            .setDockerfile(ByteString.copyFrom(new byte[60 << 10]))
                            .build());
                }
            } catch (InterruptedException | StatusException end) {
                // As it is to be.
            }
        });
        while (sender.getState() != Thread.State.WAITING) {
            Thread.sleep(5);
        }

        stream.cancel("interrupted", null);

        sender.join();
        assertThat(daemon.cancellationsAwaited()).isEqualTo(1);
    }
}

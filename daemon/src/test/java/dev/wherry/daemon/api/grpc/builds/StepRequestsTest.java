package dev.wherry.daemon.api.grpc.builds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.OutputManifest;
import dev.wherry.v1.WantedEntries;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StepRequestsTest {

    private static final int MANY = 1000;

    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void aClientThatSendsMuchWaitsUntilItIsTaken() throws Exception {
        try (StepRequests requests = new StepRequests(
                BuildOptions.getDefaultInstance(), () -> Optional.of(chunk(sent.incrementAndGet())), event -> {})) {
            requests.tell(OutputManifest.getDefaultInstance());

            for (int taken = 0; taken < MANY; taken++) {
                requests.next();
                assertThat(sent.get() - taken).isLessThan(20);
            }
        }
    }

    private static BuildRequest chunk(int number) {
        return BuildRequest.newBuilder()
                .setDockerfile(ByteString.copyFromUtf8("" + number))
                .build();
    }

    @Test
    void theClientSaysWhichEntriesItWants() throws Exception {
        BlockingQueue<Optional<BuildRequest>> answers = new LinkedBlockingQueue<>();
        BitSet wanted = new BitSet();
        wanted.set(9);
        try (StepRequests requests = new StepRequests(BuildOptions.getDefaultInstance(), answers::take, event -> {
            if (event.getManifest().getLast()) {
                answers.add(Optional.of(BuildRequest.newBuilder()
                        .setWanted(WantedEntries.newBuilder().setEntries(ByteString.copyFrom(wanted.toByteArray())))
                        .build()));
            }
        })) {
            requests.tell(OutputManifest.getDefaultInstance());
            requests.tell(OutputManifest.newBuilder().setLast(true).build());

            assertThat(requests.wanted()).isEqualTo(wanted);
        }
    }
}

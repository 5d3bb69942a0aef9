package dev.wherry.cli.client.builds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.FileChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class CompressingSinkTest {
    private static final int CHUNK = 60 << 10;
    private static final int STRETCH = (1 << 20) / CHUNK + 1;

    private final List<BuildRequest> sent = new ArrayList<>();
    private long now;
    private long sendingTakes;
    /** Each look at the clock takes as long: twice for what is compressed. */
    private final CompressingSink sink = new CompressingSink(
            request -> {
                sent.add(request);
                now += sendingTakes;
            },
            () -> now += 100);

    @Test
    void whatIsCompressedIsTheSameMessage() throws Exception {
        BuildRequest request = chunk(new byte[CHUNK]);

        sink.send(request);

        Inflater inflater = new Inflater();
        inflater.setInput(sent.getFirst().getCompressed().getData().toByteArray());
        byte[] plain = new byte[sent.getFirst().getCompressed().getSize()];
        assertThat(inflater.inflate(plain)).isEqualTo(plain.length);
        assertThat(BuildRequest.parseFrom(plain)).isEqualTo(request);
    }

    @Test
    void smallAndIncompressibleMessagesGoOutAsTheyAre() throws Exception {
        byte[] random = new byte[CHUNK];
        new Random(1).nextBytes(random);

        sink.send(chunk(new byte[10]));
        sink.send(chunk(random));

        assertThat(sent).noneMatch(BuildRequest::hasCompressed);
    }

    @Test
    void onAFastConnectionNothingIsCompressedForLong() throws Exception {
        sendingTakes = -50;
        sendStretches(4);

        assertThat(sent.subList(0, STRETCH)).allMatch(BuildRequest::hasCompressed);
        assertThat(sent.subList(STRETCH, sent.size())).noneMatch(BuildRequest::hasCompressed);
    }

    @Test
    void onASlowConnectionAllIsCompressed() throws Exception {
        sendingTakes = 1000;
        sendStretches(4);

        assertThat(sent).allMatch(BuildRequest::hasCompressed);
    }

    @Test
    void aConnectionThatBecomesSlowIsNoticed() throws Exception {
        sendingTakes = -50;
        sendStretches(2);
        sendingTakes = 1000;
        sendStretches(1);
        sent.clear();

        sendStretches(1);

        assertThat(sent).allMatch(BuildRequest::hasCompressed);
    }

    private void sendStretches(int stretches) throws Exception {
        for (int i = 0; i < stretches * STRETCH; i++) {
            sink.send(chunk(new byte[CHUNK]));
        }
    }

    private static BuildRequest chunk(byte[] data) {
        return BuildRequest.newBuilder()
                .setChunk(FileChunk.newBuilder().setData(ByteString.copyFrom(data)))
                .build();
    }
}

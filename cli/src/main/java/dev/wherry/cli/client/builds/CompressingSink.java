package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.CompressedRequest;
import io.grpc.StatusException;
import java.util.function.LongSupplier;
import java.util.zip.Deflater;

/**
 * Compresses what is sent, as long as that is sooner there. Each message is compressed by itself. Where compressing a
 * stretch of messages took longer than the connection needed for them, or gained little, the next stretch goes out as it
 * is; where the connection then is the slower part, compressing begins again. Secrets never come this way, since the size
 * of a compressed message says something of its content.
 */
final class CompressingSink implements ContextSender.Sink {
    private static final int SMALL = 256;
    /** Bytes after which it is decided anew. */
    private static final long STRETCH = 1 << 20;

    private static final int FAST = 1;

    private final ContextSender.Sink sink;
    private final LongSupplier clock;
    private Deflater deflater;
    private byte[] buffer = new byte[0];
    private boolean compressing = true;
    private long bytes;
    private long sentBytes;
    private long compressNanos;
    private long sendNanos;
    /** What compressing cost when it was last tried; for a stretch that gained something. */
    private long nanosOfStretch;

    private int stretchesToSkip;

    CompressingSink(ContextSender.Sink sink) {
        this(sink, System::nanoTime);
    }

    CompressingSink(ContextSender.Sink sink, LongSupplier clock) {
        this.sink = sink;
        this.clock = clock;
    }

    @Override
    public void send(BuildRequest answer) throws InterruptedException, StatusException {
        int size = answer.getSerializedSize();
        if (size < SMALL) {
            sink.send(answer);
            return;
        }
        BuildRequest sent = answer;
        if (compressing) {
            long start = clock.getAsLong();
            sent = compressed(answer, size);
            compressNanos += clock.getAsLong() - start;
        }
        long start = clock.getAsLong();
        sink.send(sent);
        sendNanos += clock.getAsLong() - start;
        bytes += size;
        sentBytes += sent == answer ? size : sent.getCompressed().getData().size();
        if (bytes >= STRETCH) {
            decide();
        }
    }

    private void decide() {
        if (compressing) {
            boolean gained = sentBytes < bytes / 10 * 9;
            compressing = gained && compressNanos < sendNanos;
            nanosOfStretch = compressNanos;
            stretchesToSkip = gained ? 0 : 16;
        } else if (stretchesToSkip > 0) {
            stretchesToSkip--;
            compressing = stretchesToSkip == 0 && sendNanos > nanosOfStretch;
        } else {
            compressing = sendNanos > 2 * nanosOfStretch;
        }
        bytes = 0;
        sentBytes = 0;
        compressNanos = 0;
        sendNanos = 0;
    }

    private BuildRequest compressed(BuildRequest answer, int size) {
        if (deflater == null) {
            deflater = new Deflater(FAST);
        }
        if (buffer.length < size) {
            buffer = new byte[size];
        }
        deflater.reset();
        deflater.setInput(answer.toByteArray());
        deflater.finish();
        int length = deflater.deflate(buffer, 0, size);
        if (!deflater.finished() || length > size / 10 * 9) {
            return answer;
        }
        return BuildRequest.newBuilder()
                .setCompressed(CompressedRequest.newBuilder()
                        .setData(ByteString.copyFrom(buffer, 0, length))
                        .setSize(size))
                .build();
    }
}

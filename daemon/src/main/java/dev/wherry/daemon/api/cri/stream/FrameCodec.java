package dev.wherry.daemon.api.cri.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** A codec of Netty's, one direction of it, as a function. One thread at a time may use it. */
final class FrameCodec implements AutoCloseable {

    private final EmbeddedChannel channel;

    FrameCodec(ChannelHandler... handlers) {
        channel = new EmbeddedChannel();
        channel.config().setAllocator(new UnpooledByteBufAllocator(false));
        channel.pipeline().addLast(handlers);
    }

    /** What the frames of a connection go to; releases none of them. */
    @FunctionalInterface
    interface Frames {

        /** @return false when that was the last frame */
        boolean take(Object frame) throws IOException, InterruptedException;
    }

    /**
     * Reads a connection to its end, or to its last frame.
     *
     * @param chunk bytes that are read at once at most
     * @throws IOException when it breaks, or what comes is none of this protocol
     */
    void read(InputStream in, int chunk, Frames frames) throws IOException, InterruptedException {
        byte[] buffer = new byte[chunk];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            decode(buffer, count);
            for (Optional<Object> frame = next(); frame.isPresent(); frame = next()) {
                try {
                    if (!frames.take(frame.get())) {
                        return;
                    }
                } finally {
                    ReferenceCountUtil.release(frame.get());
                }
            }
        }
    }

    /**
     * Takes bytes in; then {@link #next} has what they complete.
     *
     * @throws IOException when they are none of this protocol
     */
    void decode(byte[] bytes, int length) throws IOException {
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, length)));
        } catch (Exception malformed) {
            // The codec's own failures are checked ones, which the channel throws on without declaring them.
            throw new IOException(malformed.getMessage(), malformed);
        }
    }

    /** A frame, which the caller releases. */
    Optional<Object> next() {
        return Optional.ofNullable(channel.readInbound());
    }

    byte[] encode(Object frame) {
        channel.writeOutbound(frame);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(ByteBufUtil.getBytes(part));
            part.release();
        }
        return all.toByteArray();
    }

    /** Copies a buffer that belongs to the caller. */
    static byte[] bytes(ByteBuf content) {
        return ByteBufUtil.getBytes(content);
    }

    @Override
    public void close() {
        for (Object left = channel.readInbound(); left != null; left = channel.readInbound()) {
            ReferenceCountUtil.release(left);
        }
        channel.finishAndReleaseAll();
    }
}

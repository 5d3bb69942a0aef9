package dev.wherry.daemon.api.cri.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
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
        byte[] all = new byte[0];
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            byte[] bytes = ByteBufUtil.getBytes(part);
            part.release();
            int before = all.length;
            all = before == 0 ? bytes : Arrays.copyOf(all, before + bytes.length);
            if (before > 0) {
                System.arraycopy(bytes, 0, all, before, bytes.length);
            }
        }
        return all;
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

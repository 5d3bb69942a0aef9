package dev.wherry.daemon.api.cri.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.DefaultSpdyWindowUpdateFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyHeadersFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A connection that speaks SPDY/3.1, from the server's side: the client opens streams, each of which goes both ways.
 *
 * <p>SPDY has windows, but the clients of Kubernetes neither count them nor update ours, and would stop for ever after 64 KB
 * if ours were counted. So a client that does not read holds the writer back by the connection's own flow control, and one
 * that sends more than is taken waits the same way; a client that does count windows has them updated.
 */
final class SpdyConnection implements AutoCloseable {

    /** Streams that a client may have open at once. */
    private static final int MOST_STREAMS = 256;

    private static final int LARGEST_HEADERS = 16 << 10;
    private static final int LARGEST_CHUNK = 32 << 10;
    private static final int BEST_COMPRESSION = 6;
    private static final int WINDOW_BITS = 15;
    private static final int MEMORY_LEVEL = 8;
    /** The whole connection, of which the windows are counted beside those of the streams. */
    private static final int SESSION = 0;

    private final InputStream in;
    private final OutputStream out;
    private final FrameCodec decoder = codec();
    private final FrameCodec encoder = codec();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
    private final BooleanSupplier left;
    private int lastOpened;
    private boolean closed;

    /** @param left whether the client has left, although there is still something to read */
    SpdyConnection(InputStream in, OutputStream out, BooleanSupplier left) {
        this.left = left;
        this.in = in;
        this.out = out;
    }

    private static FrameCodec codec() {
        return new FrameCodec(new SpdyFrameCodec(
                SpdyVersion.SPDY_3_1, LARGEST_CHUNK, LARGEST_HEADERS, BEST_COMPRESSION, WINDOW_BITS, MEMORY_LEVEL));
    }

    /** Takes the streams that a client opens, on the thread that reads the connection. */
    @FunctionalInterface
    interface Opened {

        /** @return false refuses the stream */
        boolean take(SpdyStream stream) throws IOException;
    }

    /** Reads the connection until the client ends it; then all streams are broken. */
    void read(Opened opened) throws IOException, InterruptedException {
        try {
            decoder.read(in, LARGEST_CHUNK, frame -> {
                take(frame, opened);
                return true;
            });
        } finally {
            decoder.close();
            streams.values().forEach(SpdyStream::broken);
            streams.clear();
        }
    }

    private void take(Object frame, Opened opened) throws IOException, InterruptedException {
        switch (frame) {
            case SpdySynStreamFrame opening -> open(opening, opened);
            case SpdyDataFrame data -> take(data);
            case SpdyRstStreamFrame reset -> stream(reset.streamId()).ifPresent(SpdyStream::broken);
            case SpdyPingFrame ping -> {
                // Even numbers answer pings of ours, of which there are none.
                if ((ping.id() & 1) == 1) {
                    write(ping);
                }
            }
            case SpdyHeadersFrame more -> {
                if (more.isLast()) {
                    stream(more.streamId()).ifPresent(SpdyStream::inputEnded);
                }
            }
            default -> {}
        }
    }

    private void open(SpdySynStreamFrame frame, Opened opened) throws IOException {
        int id = frame.streamId();
        if (frame.isInvalid() || frame.isTruncated() || id <= lastOpened || (id & 1) == 0) {
            reset(id, SpdyStreamStatus.PROTOCOL_ERROR);
            return;
        }
        lastOpened = id;
        if (streams.size() >= MOST_STREAMS) {
            reset(id, SpdyStreamStatus.REFUSED_STREAM);
            return;
        }
        SpdyStream stream = new SpdyStream(this, id, frame.headers(), new InputPipe(left));
        streams.put(id, stream);
        if (frame.isLast()) {
            stream.inputEnded();
        }
        SpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(id);
        // A reply needs a header at least: without any, Netty sends no block of headers, for which clients wait.
        reply.headers().set(":status", "200").set(":version", "HTTP/1.1");
        write(reply);
        if (!opened.take(stream)) {
            stream.reset();
        }
    }

    private void take(SpdyDataFrame frame) throws IOException, InterruptedException {
        Optional<SpdyStream> stream = stream(frame.streamId());
        if (stream.isEmpty()) {
            return;
        }
        byte[] content = FrameCodec.bytes(frame.content());
        stream.get().arrived(content);
        if (frame.isLast()) {
            stream.get().inputEnded();
        } else if (content.length > 0) {
            write(new DefaultSpdyWindowUpdateFrame(frame.streamId(), content.length));
        }
        if (content.length > 0) {
            write(new DefaultSpdyWindowUpdateFrame(SESSION, content.length));
        }
    }

    private Optional<SpdyStream> stream(int id) {
        return Optional.ofNullable(streams.get(id));
    }

    void forget(int id) {
        streams.remove(id);
    }

    void reset(int id, SpdyStreamStatus status) throws IOException {
        write(new DefaultSpdyRstStreamFrame(id, status));
    }

    /** Sends a piece of a stream; blocks until the connection has taken it. */
    void send(int id, byte[] bytes, int offset, int length, boolean last) throws IOException {
        ByteBuf content = Unpooled.wrappedBuffer(bytes, offset, length);
        SpdyDataFrame frame = new DefaultSpdyDataFrame(id, content);
        frame.setLast(last);
        write(frame);
    }

    private void write(SpdyFrame frame) throws IOException {
        writing.lock();
        try {
            if (closed) {
                ReferenceCountUtil.release(frame);
                throw new IOException("the connection is closed");
            }
            out.write(encoder.encode(frame));
        } finally {
            writing.unlock();
        }
    }

    /** Nothing is written any more. */
    @Override
    public void close() {
        writing.lock();
        try {
            closed = true;
            encoder.close();
        } finally {
            writing.unlock();
        }
    }
}

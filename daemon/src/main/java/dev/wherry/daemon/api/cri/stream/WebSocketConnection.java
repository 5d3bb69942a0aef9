package dev.wherry.daemon.api.cri.stream;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;

/** A connection that speaks WebSocket (RFC 6455), from the server's side. */
final class WebSocketConnection implements AutoCloseable {

    static final String VERSION = "13";

    /** Added to a client's key by section 1.3 of the RFC. */
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int LARGEST_FRAME = 1 << 20;
    private static final int CHUNK = 32 << 10;

    private final InputStream in;
    private final OutputStream out;
    private final FrameCodec decoder = new FrameCodec(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(LARGEST_FRAME)
            .withUTF8Validator(false)
            .build()));
    private final FrameCodec encoder = new FrameCodec(new WebSocket13FrameEncoder(false));
    private final ReentrantLock writing = new ReentrantLock();
    private boolean ended;

    WebSocketConnection(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** What proves to a client that the server has understood its key. */
    static String accept(String key) {
        try {
            byte[] text = (key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Takes the bytes of messages as they come. */
    @FunctionalInterface
    interface Messages {

        /** @param first whether these begin a message */
        void take(boolean first, byte[] bytes) throws IOException, InterruptedException;
    }

    /** Reads the connection until the client ends it. */
    void read(Messages messages) throws IOException, InterruptedException {
        try (decoder) {
            decoder.read(in, CHUNK, frame -> take((WebSocketFrame) frame, messages));
        }
    }

    /** @return false when that was the last frame */
    private boolean take(WebSocketFrame frame, Messages messages) throws IOException, InterruptedException {
        switch (frame) {
            case PingWebSocketFrame ping ->
                write(new PongWebSocketFrame(Unpooled.wrappedBuffer(FrameCodec.bytes(ping.content()))));
            case PongWebSocketFrame _ -> {}
            case CloseWebSocketFrame _ -> {
                end();
                return false;
            }
            case ContinuationWebSocketFrame more -> messages.take(false, FrameCodec.bytes(more.content()));
            default -> messages.take(true, FrameCodec.bytes(frame.content()));
        }
        return true;
    }

    /** Sends a message; blocks until the connection has taken it. */
    void send(byte[] message) throws IOException {
        write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
    }

    /** Says that no more comes. */
    void end() throws IOException {
        write(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
    }

    private void write(WebSocketFrame frame) throws IOException {
        writing.lock();
        try {
            if (ended) {
                frame.release();
                return;
            }
            ended = frame instanceof CloseWebSocketFrame;
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
            ended = true;
            encoder.close();
        } finally {
            writing.unlock();
        }
    }
}

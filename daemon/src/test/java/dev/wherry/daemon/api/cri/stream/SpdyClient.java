package dev.wherry.daemon.api.cri.stream;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A client as kubelet is one: it opens streams, and counts no windows. */
final class SpdyClient implements AutoCloseable {

    private final Socket socket;
    private final FrameCodec decoder = new FrameCodec(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final FrameCodec encoder = new FrameCodec(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final Map<Integer, ByteArrayOutputStream> received = new HashMap<>();
    private final Set<Integer> ended = new HashSet<>();
    private final Set<Integer> refused = new HashSet<>();
    private final String head;
    private int next = 1;

    SpdyClient(String url, String... versions) throws IOException {
        URI uri = URI.create(url);
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
        StringBuilder request = new StringBuilder("POST " + uri.getPath() + "?a=b HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n");
        for (String version : versions) {
            request.append("X-Stream-Protocol-Version: ").append(version).append("\r\n");
        }
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
        head = head();
    }

    private String head() throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
            int one = socket.getInputStream().read();
            if (one < 0) {
                throw new IOException("no answer: " + text);
            }
            text.append((char) one);
        }
        return text.toString();
    }

    /** The head of the answer. */
    String answer() {
        return head;
    }

    int open(String type, String... headers) throws IOException {
        int id = next;
        next += 2;
        SpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
        frame.headers().set("streamtype", type);
        for (int i = 0; i < headers.length; i += 2) {
            frame.headers().set(headers[i], headers[i + 1]);
        }
        received.put(id, new ByteArrayOutputStream());
        socket.getOutputStream().write(encoder.encode(frame));
        return id;
    }

    void send(int id, byte[] bytes, boolean last) throws IOException {
        DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(id, Unpooled.wrappedBuffer(bytes));
        frame.setLast(last);
        socket.getOutputStream().write(encoder.encode(frame));
    }

    /** All that comes on a stream until its end. */
    byte[] all(int id) throws IOException {
        while (!ended.contains(id)) {
            receive();
        }
        return received.get(id).toByteArray();
    }

    String text(int id) throws IOException {
        return new String(all(id), StandardCharsets.UTF_8);
    }

    /** Waits until a stream is refused. */
    void awaitRefused(int id) throws IOException {
        while (!refused.contains(id)) {
            receive();
        }
    }

    /** Waits for the end of the connection. */
    void awaitEnd() throws IOException {
        byte[] buffer = new byte[8192];
        while (socket.getInputStream().read(buffer) >= 0) {
            // Frames that nobody asks for.
        }
    }

    private void receive() throws IOException {
        byte[] buffer = new byte[8192];
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
            throw new IOException("the server has closed the connection");
        }
        decoder.decode(buffer, count);
        for (Optional<Object> frame = decoder.next(); frame.isPresent(); frame = decoder.next()) {
            if (frame.get() instanceof SpdyDataFrame data) {
                received.get(data.streamId()).writeBytes(FrameCodec.bytes(data.content()));
                if (data.isLast()) {
                    ended.add(data.streamId());
                }
                data.release();
            } else if (frame.get() instanceof SpdyRstStreamFrame reset) {
                refused.add(reset.streamId());
            }
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

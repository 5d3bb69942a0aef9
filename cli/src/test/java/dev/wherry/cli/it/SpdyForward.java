package dev.wherry.cli.it;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Forwards connections to ports of a pod, as kubectl does it. */
final class SpdyForward implements AutoCloseable {

    private final Socket socket;
    private final EmbeddedChannel codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final Map<Integer, StringBuilder> received = new HashMap<>();
    private final Set<Integer> ended = new HashSet<>();
    private int next = 1;

    SpdyForward(String url) throws IOException {
        URI uri = URI.create(url);
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("POST " + uri.getPath() + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                                + "Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int one = socket.getInputStream().read();
            if (one < 0) {
                throw new IOException("no answer: " + head);
            }
            head.append((char) one);
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException(head.toString());
        }
    }

    /** Sends on a new connection, and says what comes back: from the port, or of an error. */
    String exchange(int port, String text) throws IOException {
        int error = open("error", port);
        int data = open("data", port);
        DefaultSpdyDataFrame frame =
                new DefaultSpdyDataFrame(data, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        frame.setLast(true);
        send(frame);
        while (!ended.contains(data) || !ended.contains(error)) {
            receive();
        }
        return received.getOrDefault(data, new StringBuilder()).toString()
                + received.getOrDefault(error, new StringBuilder());
    }

    private int open(String type, int port) throws IOException {
        int id = next;
        next += 2;
        DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
        frame.headers()
                .set("streamtype", type)
                .set("port", Integer.toString(port))
                .set("requestid", Integer.toString(type.equals("error") ? id : id - 2));
        send(frame);
        return id;
    }

    private void send(SpdyStreamFrame frame) throws IOException {
        codec.writeOutbound(frame);
        for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
            socket.getOutputStream().write(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }
    }

    private void receive() throws IOException {
        byte[] buffer = new byte[8192];
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
            throw new IOException("the server has closed the connection");
        }
        codec.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
        for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
            if (frame instanceof SpdyDataFrame data) {
                received.computeIfAbsent(data.streamId(), _ -> new StringBuilder())
                        .append(data.content().toString(StandardCharsets.UTF_8));
                if (data.isLast()) {
                    ended.add(data.streamId());
                }
                data.release();
            } else if (frame instanceof SpdyRstStreamFrame reset) {
                ended.add(reset.streamId());
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        codec.finishAndReleaseAll();
    }
}

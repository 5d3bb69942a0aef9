package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;

/**
 * One connection to the socket of Docker's API, on which requests are written byte by byte as programs do that take
 * connections over: no HTTP client of the JDK speaks to unix sockets.
 */
final class DockerSocket implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Closeable connection;
    private final Closeable below;
    private final End end;
    private final InputStream in;
    private final OutputStream out;

    /** Ends what is sent, while the rest still comes. */
    private interface End {
        void say() throws IOException;
    }

    /** @param below what the kernel ends when the program is killed */
    private DockerSocket(Closeable connection, Closeable below, End end, InputStream in, OutputStream out) {
        this.below = below;
        this.connection = connection;
        this.end = end;
        this.in = in;
        this.out = out;
    }

    static DockerSocket to(Daemon daemon) throws IOException {
        return to(daemon.dockerSocket());
    }

    static DockerSocket to(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        return new DockerSocket(
                channel,
                channel,
                channel::shutdownOutput,
                Channels.newInputStream(channel),
                Channels.newOutputStream(channel));
    }

    /** By TLS, whose end of one direction is a message of its own. */
    static DockerSocket to(SSLSocket socket, Closeable below) throws IOException {
        return new DockerSocket(
                socket, below, socket::shutdownOutput, socket.getInputStream(), socket.getOutputStream());
    }

    /** An answer: its status, its headers with names in lower case, and its body. */
    record Answer(int status, Map<String, String> headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }

        /** Checks the status. */
        Answer is(int wanted) {
            assertThat(status).as(text()).isEqualTo(wanted);
            return this;
        }
    }

    /** One request with a body of JSON or none, on a connection of its own. */
    static Answer call(Daemon daemon, String method, String path, String... body) throws IOException {
        try (DockerSocket socket = to(daemon)) {
            return socket.ask(method, path, body);
        }
    }

    /** One request with a body of JSON or none. */
    Answer ask(String method, String path, String... body) throws IOException {
        byte[] json = String.join("", body).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        send(method, path, json, body.length == 0 ? "" : "Content-Type: application/json\r\n");
        return answer(method);
    }

    void send(String method, String path, byte[] body, String headers) throws IOException {
        write((method + " " + path + " HTTP/1.1\r\nHost: docker\r\n" + headers + "Content-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        write(body);
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Asks for a connection to take over, and reads the head of the answer. */
    Answer upgrade(String path, String body) throws IOException {
        send(
                "POST",
                path,
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\n");
        return head();
    }

    void endInput() throws IOException {
        end.say();
    }

    /** Ends the connection as the kernel does for a program that is killed. */
    void vanish() throws IOException {
        below.close();
    }

    InputStream input() {
        return in;
    }

    /** What of standard output and standard error comes in frames until the end. */
    Map<Integer, String> frames() throws IOException {
        Map<Integer, ByteArrayOutputStream> streams = new HashMap<>();
        for (byte[] header = in.readNBytes(8); header.length == 8; header = in.readNBytes(8)) {
            int length = ByteBuffer.wrap(header).getInt(4);
            streams.computeIfAbsent((int) header[0], _ -> new ByteArrayOutputStream())
                    .writeBytes(in.readNBytes(length));
        }
        Map<Integer, String> texts = new HashMap<>();
        streams.forEach((stream, bytes) -> texts.put(stream, bytes.toString(StandardCharsets.UTF_8)));
        return texts;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended after \"" + line + "\"");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The head of an answer, whose body is to be read from {@link #input}. */
    Answer head() throws IOException {
        String status = line();
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(status.split(" ")[1]), headers, new byte[0]);
    }

    /** A whole answer. */
    Answer answer(String method) throws IOException {
        Answer head = head();
        byte[] body;
        if (method.equals("HEAD") || head.status == 204 || head.status == 304) {
            body = new byte[0];
        } else if (head.headers.containsKey("content-length")) {
            body = in.readNBytes(Integer.parseInt(head.headers.get("content-length")));
        } else {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                all.writeBytes(chunk);
            }
            body = all.toByteArray();
        }
        return new Answer(head.status, head.headers, body);
    }

    /** The next piece of a body in chunks; an empty one at the end. */
    byte[] chunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        byte[] chunk = in.readNBytes(length);
        assertThat(in.readNBytes(2)).isEqualTo("\r\n".getBytes(StandardCharsets.US_ASCII));
        return Arrays.copyOf(chunk, length);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

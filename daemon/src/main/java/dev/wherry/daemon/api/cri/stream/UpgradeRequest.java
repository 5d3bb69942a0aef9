package dev.wherry.daemon.api.cri.stream;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The head of a request that asks to leave HTTP: the connection's next byte belongs to the other protocol. */
record UpgradeRequest(String method, String path, HttpHeaders headers) {

    private static final int LARGEST_HEAD = 32 << 10;
    private static final String END = "\r\n\r\n";

    /**
     * Reads the head, and no byte more.
     *
     * @throws IOException when it is malformed, or too large
     */
    static UpgradeRequest read(InputStream in) throws IOException {
        byte[] head = head(in);
        try (FrameCodec codec = new FrameCodec(new HttpRequestDecoder(LARGEST_HEAD, LARGEST_HEAD, LARGEST_HEAD))) {
            codec.decode(head, head.length);
            HttpRequest request = (HttpRequest) codec.next().orElseThrow(() -> new IOException("malformed request"));
            if (request.decoderResult().isFailure()) {
                throw new IOException("malformed request");
            }
            String path = request.uri().replaceFirst("\\?.*", "");
            return new UpgradeRequest(request.method().name(), path, request.headers());
        }
    }

    /** One byte at a time: what follows the head must stay in the connection. The stream buffers. */
    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < END.length()) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the client went away");
            }
            if (head.size() >= LARGEST_HEAD) {
                throw new IOException("the head of the request is too large");
            }
            head.write(next);
            if (next == END.charAt(matched)) {
                matched++;
            } else {
                matched = next == END.charAt(0) ? 1 : 0;
            }
        }
        return head.toByteArray();
    }

    /** Whether the client asks for a protocol. */
    boolean asksFor(String protocol) {
        return words("Connection").anyMatch("upgrade"::equalsIgnoreCase)
                && words("Upgrade").anyMatch(protocol::equalsIgnoreCase);
    }

    /** The first of our protocols, which are in the order of preference, that the client speaks too. */
    Optional<String> choose(String header, List<String> ours) {
        List<String> theirs = words(header).toList();
        return ours.stream().filter(theirs::contains).findFirst();
    }

    String header(String name) {
        return headers.get(name, "");
    }

    private Stream<String> words(String header) {
        return headers.getAll(header).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty());
    }

    /** The head of an answer that leaves HTTP. */
    static byte[] switching(String protocol, List<String> headers) {
        List<String> lines = new ArrayList<>(
                List.of("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: " + protocol));
        lines.addAll(headers);
        return (String.join("\r\n", lines) + END).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A whole answer that refuses. */
    static byte[] refusal(String status, String reason) {
        byte[] body = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        String head = String.format(
                Locale.ROOT,
                "HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d%s",
                status,
                body.length,
                END);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        answer.writeBytes(body);
        return answer.toByteArray();
    }
}

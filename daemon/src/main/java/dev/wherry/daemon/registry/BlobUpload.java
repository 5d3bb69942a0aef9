package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.registry.auth.TokenScope;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import dev.wherry.daemon.registry.transport.RequestBody;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One blob on its way to a repository, in an upload session (OCI distribution-spec, "Pushing Blobs"). It goes in one
 * request, and in chunks where the registry, or a proxy before it, refuses that much at once. After a broken connection
 * the registry is asked how much it has; the rest follows, or all of it in a new session where it does not know.
 */
final class BlobUpload {

    /** What the proxies with the narrowest limits still take. */
    private static final long CHUNK = 32L << 20;

    private static final long MAX_CHUNK = 1L << 30;
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

    private final RegistryClient client;
    private final RegistryEndpoint endpoint;
    private final BlobSource source;
    private final Descriptor blob;
    private final LongConsumer sent;

    /** Where the next piece goes; null before a session is open. */
    private URI session;

    private long offset;

    /** How much goes in one request; all of it until that is refused. */
    private long piece = Long.MAX_VALUE;

    private long leastChunk;

    /** Why the blob cannot be read; the connection to the registry then breaks for no fault of its own. */
    private volatile WherryException unreadable;

    BlobUpload(RegistryClient client, RegistryEndpoint endpoint, BlobSource source, LongConsumer sent) {
        this.client = client;
        this.endpoint = endpoint;
        this.source = source;
        this.blob = source.descriptor();
        this.sent = sent;
    }

    /**
     * Asks the registry to take the blob from another of its repositories.
     *
     * @return whether it did; if not, the session that it opened instead is used by {@link #run}
     */
    boolean mount(String fromRepository) throws IOException {
        URI uri = endpoint.uri("blobs/uploads/?mount=" + blob.digest() + "&from=" + fromRepository);
        TokenScope scope = TokenScope.push(endpoint.path()).and(TokenScope.pull(fromRepository));
        try (RegistryResponse answer =
                client.send(endpoint, scope, new RegistryRequest("POST", uri, Map.of(), RequestBody.NONE))) {
            switch (answer.status()) {
                case 201 -> {
                    return true;
                }
                case 202 -> opened(answer, uri);
                default -> {
                    // It knows no mounting; an upload will tell what else is wrong.
                }
            }
            return false;
        }
    }

    /** Returns when the registry has the whole blob. */
    void run() {
        int failures = 0;
        long best = -1;
        for (int connections = 0; ; connections++) {
            if (connections == BlobDownload.MAX_CONNECTIONS) {
                throw BlobDownload.breaking(endpoint);
            }
            try {
                if (session == null) {
                    open();
                } else if (connections > 0 && failures > 0) {
                    resume();
                }
                if (send()) {
                    return;
                }
                failures = 0;
                connections = 0;
            } catch (IOException failure) {
                if (unreadable != null) {
                    throw unreadable;
                }
                failures = offset > best ? 1 : failures + 1;
                best = Math.max(best, offset);
                Retry.pause(endpoint, failure, failures);
            }
        }
    }

    private void open() throws IOException {
        URI uri = endpoint.uri("blobs/uploads/");
        try (RegistryResponse answer = client.write(endpoint, "POST", uri, Map.of(), RequestBody.NONE)) {
            if (answer.status() != 202) {
                throw RegistryErrors.unexpected(answer);
            }
            opened(answer, uri);
        }
    }

    private void opened(RegistryResponse answer, URI base) throws ProtocolException {
        session = location(answer, base)
                .orElseThrow(() -> new ProtocolException("it opens an upload and does not say where"));
        offset = 0;
        leastChunk = answer.headers().firstValueAsLong("OCI-Chunk-Min-Length").orElse(0);
    }

    /** Asks how much arrived; a session that is gone, or does not tell, is replaced by a new one. */
    private void resume() throws IOException {
        try (RegistryResponse answer = client.write(endpoint, "GET", session, Map.of(), RequestBody.NONE)) {
            Optional<Long> arrived = arrived(answer);
            if ((answer.status() == 204 || answer.status() == 202) && arrived.isPresent()) {
                session = location(answer, session).orElse(session);
                offset = arrived.get();
                return;
            }
        }
        open();
    }

    /** "0-0" stands for nothing, since that is what registries answer before the first byte. */
    private Optional<Long> arrived(RegistryResponse answer) {
        Matcher range = RANGE.matcher(answer.header("Range").orElse(""));
        return range.matches()
                ? Optional.of(Long.parseLong(range.group(1)))
                        .map(last -> last == 0 ? 0 : last + 1)
                        .filter(count -> count <= blob.size())
                : Optional.empty();
    }

    /** Sends the next piece, and says whether it was the last one. */
    private boolean send() throws IOException {
        long length = Math.min(piece, blob.size() - offset);
        boolean whole = offset == 0 && length == blob.size();
        if (whole) {
            return put(session, length);
        }
        if (length > 0) {
            patch(length);
        }
        return offset == blob.size() && put(session, 0);
    }

    private void patch(long length) throws IOException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("Content-Range", offset + "-" + (offset + length - 1));
        URI target = session;
        try (Piece body = new Piece(offset, length);
                RegistryResponse answer = client.write(endpoint, "PATCH", target, headers, body)) {
            switch (answer.status()) {
                case 201, 202, 204 -> {
                    session = location(answer, target).orElse(target);
                    offset = arrived(answer).filter(count -> count > 0).orElse(offset + length);
                }
                case 413 -> smaller(answer);
                default -> lost(answer);
            }
        }
    }

    private boolean put(URI target, long length) throws IOException {
        String query = target.getRawQuery() == null ? "?" : "&";
        URI uri = URI.create(target + query + "digest=" + blob.digest());
        Map<String, String> headers = Map.of("Content-Type", "application/octet-stream");
        try (Piece body = new Piece(offset, length);
                RegistryResponse answer = client.write(endpoint, "PUT", uri, headers, body)) {
            return switch (answer.status()) {
                case 200, 201, 202, 204 -> {
                    offset += length;
                    sent.accept(blob.size());
                    yield true;
                }
                case 413 -> {
                    smaller(answer);
                    yield false;
                }
                default -> {
                    lost(answer);
                    yield false;
                }
            };
        }
    }

    private void smaller(RegistryResponse answer) throws IOException {
        long next = Math.max(leastChunk, Math.min(CHUNK, piece / 2));
        if (next >= piece || next > MAX_CHUNK || next < 1) {
            throw RegistryErrors.unexpected(answer);
        }
        piece = next;
        session = null;
    }

    /** A session may be forgotten, or stand elsewhere than we think; a new one may do better. */
    private void lost(RegistryResponse answer) throws IOException {
        int status = answer.status();
        Optional<String> reason = RegistryErrors.read(answer);
        session = null;
        String text = reason.orElse("status " + status);
        if (status == 404 || status == 416 || status == 400 && !text.contains("digest")) {
            throw new IOException("it lost the upload: " + text);
        }
        if (status == 400) {
            throw new CorruptContentException("registry " + endpoint.host() + " says that " + blob.digest()
                    + " is not what it should be: " + text);
        }
        throw new ProtocolException("it answers with status " + status
                + reason.map(words -> ": " + words).orElse(""));
    }

    private static Optional<URI> location(RegistryResponse answer, URI base) throws ProtocolException {
        try {
            return answer.header("Location").map(base::resolve);
        } catch (IllegalArgumentException malformed) {
            throw new ProtocolException("it sends an upload to what is no address");
        }
    }

    /** A part of the blob, as a request sends it. */
    private final class Piece implements RequestBody, AutoCloseable {

        private final long from;
        private final long length;
        private volatile InputStream opened = InputStream.nullInputStream();

        Piece(long from, long length) {
            this.from = from;
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public InputStream open() throws IOException {
            opened.close();
            opened = source.open(from);
            return new FilterInputStream(opened) {
                private long left = length;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int at, int count) throws IOException {
                    if (left == 0) {
                        return -1;
                    }
                    int read = readSource(buffer, at, (int) Math.min(count, left));
                    if (read > 0) {
                        left -= read;
                        sent.accept(from + length - left);
                    }
                    return read;
                }

                private int readSource(byte[] buffer, int at, int count) throws IOException {
                    try {
                        return in.read(buffer, at, count);
                    } catch (WherryException failure) {
                        unreadable = failure;
                        throw failure;
                    }
                }
            };
        }

        /** Ends reading; the HTTP client leaves open what it did not read to the end. */
        @Override
        public void close() throws IOException {
            opened.close();
        }
    }
}

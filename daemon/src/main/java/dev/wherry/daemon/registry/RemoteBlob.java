package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A blob of one endpoint, to be sent to another registry as it arrives. Broken connections are taken up where they broke.
 * The digest is checked before the last bytes are handed out, so that wrong bytes never make a whole blob.
 */
final class RemoteBlob implements BlobSource {

    private final RegistryClient client;
    private final RegistryEndpoint endpoint;
    private final Descriptor blob;
    private final MessageDigest digest;

    /** How many bytes, from the beginning, the digest has seen. */
    private long digested;

    RemoteBlob(RegistryClient client, RegistryEndpoint endpoint, Descriptor blob) {
        this.client = client;
        this.endpoint = endpoint;
        this.blob = blob;
        this.digest = blob.digest().newMessageDigest();
    }

    @Override
    public Descriptor descriptor() {
        return blob;
    }

    @Override
    public InputStream open(long from) {
        if (from == 0) {
            digest.reset();
            digested = 0;
        }
        return new Arriving(from);
    }

    private final class Arriving extends InputStream {

        private long position;
        private int failures;
        private int connections;
        private RegistryResponse answer;

        Arriving(long from) {
            this.position = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int at, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (position == blob.size()) {
                return -1;
            }
            int count = arrive(buffer, at, (int) Math.min(length, blob.size() - position));
            check(buffer, at, count);
            Metrics.add(Metric.RECEIVED_BYTES, count);
            position += count;
            return count;
        }

        private int arrive(byte[] buffer, int at, int length) throws IOException {
            while (true) {
                try {
                    if (answer == null) {
                        connect();
                    }
                    int count = answer.body().read(buffer, at, length);
                    if (count > 0) {
                        failures = 0;
                        return count;
                    }
                    throw new EOFException(
                            "it ended the connection after " + position + " of " + blob.size() + " bytes");
                } catch (IOException failure) {
                    close();
                    Retry.pause(endpoint, failure, ++failures);
                }
            }
        }

        private void connect() throws IOException {
            if (++connections > BlobDownload.MAX_CONNECTIONS) {
                throw BlobDownload.breaking(endpoint);
            }
            answer = BlobDownload.ask(client, endpoint, blob, position);
            switch (answer.status()) {
                // A server without ranges sends again what was here.
                case 200 -> answer.body().skipNBytes(position);
                case 416 -> throw new ProtocolException("it refuses to go on in the middle");
                default -> {}
            }
        }

        private void check(byte[] buffer, int at, int count) {
            long known = digested - position;
            if (known < 0 || known >= count) {
                return;
            }
            digest.update(buffer, at + (int) known, count - (int) known);
            digested = position + count;
            if (digested == blob.size()
                    && !HexFormat.of()
                            .formatHex(digest.digest())
                            .equals(blob.digest().hex())) {
                throw new CorruptContentException(
                        "the bytes of " + blob.digest() + " of " + endpoint + " are not what the digest says");
            }
        }

        @Override
        public void close() throws IOException {
            if (answer != null) {
                RegistryResponse last = answer;
                answer = null;
                last.close();
            }
        }
    }
}

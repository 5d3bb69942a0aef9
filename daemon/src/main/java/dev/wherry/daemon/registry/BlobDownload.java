package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongConsumer;

/** One blob from one endpoint, asked for again from where it broke off (RFC 9110, "Range Requests"). */
final class BlobDownload {

    private static final int BUFFER = 1 << 17;

    /** Against a server that cuts every connection after a few bytes. */
    static final int MAX_CONNECTIONS = 50;

    private final RegistryClient client;
    private final RegistryEndpoint endpoint;
    private final Descriptor blob;
    private final LongConsumer arrived;

    BlobDownload(RegistryClient client, RegistryEndpoint endpoint, Descriptor blob, LongConsumer arrived) {
        this.client = client;
        this.endpoint = endpoint;
        this.blob = blob;
        this.arrived = arrived;
    }

    /** Returns when as many bytes as the descriptor says are in the ingest. */
    void into(Ingest ingest) {
        if (ingest.offset() > blob.size()) {
            ingest.restart();
        }
        int failures = 0;
        for (int connections = 0; ingest.offset() < blob.size(); connections++) {
            if (connections == MAX_CONNECTIONS) {
                throw breaking(endpoint);
            }
            long before = ingest.offset();
            try {
                transfer(ingest);
            } catch (IOException failure) {
                failures = ingest.offset() > before ? 1 : failures + 1;
                Retry.pause(endpoint, failure, failures);
            }
        }
    }

    static UnavailableException breaking(RegistryEndpoint endpoint) {
        return new UnavailableException("registry " + endpoint.host() + " keeps breaking connections: try again");
    }

    private void transfer(Ingest ingest) throws IOException {
        long from = ingest.offset();
        try (RegistryResponse answer = ask(client, endpoint, blob, from)) {
            if (answer.status() != 206) {
                ingest.restart();
            }
            if (answer.status() == 416) {
                throw new IOException("it refuses to go on in the middle");
            }
            copy(answer, ingest);
        }
    }

    /**
     * Asks for a blob from a place on.
     *
     * @return the bytes from there on, by status 206; by status 200 those from the beginning; 416 where it refuses
     */
    static RegistryResponse ask(RegistryClient client, RegistryEndpoint endpoint, Descriptor blob, long from)
            throws IOException {
        Map<String, String> range = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
        RegistryResponse answer = client.get(endpoint, "blobs/" + blob.digest(), range);
        boolean usable = false;
        try {
            switch (answer.status()) {
                case 200, 416 -> {}
                case 206 -> requireRange(answer, from);
                case 404 ->
                    throw new NotFoundException(
                            "blob",
                            blob.digest().toString(),
                            endpoint + " lacks " + blob.digest() + ", which its manifest names");
                default -> throw new ProtocolException("it answers with status " + answer.status());
            }
            usable = true;
            return answer;
        } finally {
            if (!usable) {
                answer.close();
            }
        }
    }

    private static void requireRange(RegistryResponse answer, long from) throws ProtocolException {
        String range = answer.header("Content-Range").orElse("");
        if (!range.startsWith("bytes " + from + "-")) {
            throw new ProtocolException("asked for bytes from " + from + " it sends \"" + range + "\"");
        }
    }

    private void copy(RegistryResponse answer, Ingest ingest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count; (count = answer.body().read(buffer)) >= 0; ) {
            if (count > blob.size() - ingest.offset()) {
                ingest.restart();
                throw new CorruptContentException(blob.digest() + " of " + endpoint + " is longer than the "
                        + blob.size() + " bytes its manifest says");
            }
            ingest.write(buffer, 0, count);
            arrived.accept(ingest.offset());
        }
        if (ingest.offset() < blob.size()) {
            throw new EOFException(
                    "it ended the connection after " + ingest.offset() + " of " + blob.size() + " bytes");
        }
    }
}

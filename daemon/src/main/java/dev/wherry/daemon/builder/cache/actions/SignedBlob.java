package dev.wherry.daemon.builder.cache.actions;

import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.registry.Retry;
import dev.wherry.daemon.registry.transport.BusyException;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import dev.wherry.daemon.registry.transport.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A blob of a blob store at an address that is itself the permission to read or write it, and is never shown: a block blob
 * of Azure Storage ("Put Block", "Put Block List", "Get Blob").
 */
public final class SignedBlob {

    private static final String STORE = "the store of the GitHub Actions cache";

    /** The version of the protocol that has blocks of this size. */
    private static final Map<String, String> PROTOCOL = Map.of("x-ms-version", "2020-10-02");

    /** What is kept in memory of an upload. */
    private static final int BLOCK = 8 << 20;

    private static final int MAX_BLOCKS = 50_000;

    private final HttpTransport transport;
    private final URI address;

    SignedBlob(HttpTransport transport, URI address) {
        this.transport = transport;
        this.address = address;
    }

    /** Takes bytes as they come. */
    @FunctionalInterface
    public interface Reader {
        void read(InputStream bytes) throws IOException;
    }

    /**
     * Reads the blob from a place on, once; a failure is the caller's to handle.
     *
     * @throws ProtocolException when the store answers otherwise than it should
     * @throws NotFoundException when there is no blob, or no more permission to read it
     */
    public void read(long from, Reader reader) throws IOException {
        Map<String, String> headers = new java.util.HashMap<>(PROTOCOL);
        if (from > 0) {
            headers.put("Range", "bytes=" + from + "-");
        }
        try (RegistryResponse answer = transport.get(address, headers)) {
            int expected = from > 0 ? 206 : 200;
            if (answer.status() == 403 || answer.status() == 404) {
                throw new NotFoundException("blob", "", STORE + " no longer has an entry that it listed");
            }
            require(answer, expected);
            if (from > 0 && !answer.header("Content-Range").orElse("").startsWith("bytes " + from + "-")) {
                throw new ProtocolException("it answers with another part than was asked for");
            }
            reader.read(answer.body());
        }
    }

    /** Writes the blob, in blocks; each is sent again as often as need be. */
    public void write(InputStream bytes) throws IOException {
        List<String> ids = new ArrayList<>();
        for (byte[] block = bytes.readNBytes(BLOCK); block.length > 0; block = bytes.readNBytes(BLOCK)) {
            if (ids.size() == MAX_BLOCKS) {
                throw new ProtocolException("it takes no blob of more than " + MAX_BLOCKS + " blocks");
            }
            String id = Base64.getEncoder()
                    .encodeToString("%08d".formatted(ids.size()).getBytes(StandardCharsets.US_ASCII));
            put("comp=block&blockid=" + URLEncoder.encode(id, StandardCharsets.US_ASCII), block);
            ids.add(id);
        }
        StringBuilder list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        ids.forEach(id -> list.append("<Latest>").append(id).append("</Latest>"));
        put("comp=blocklist", list.append("</BlockList>").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void put(String query, byte[] body) {
        String own = address.toString();
        URI to = URI.create(own + (own.contains("?") ? "&" : "?") + query);
        RegistryRequest request = new RegistryRequest("PUT", to, PROTOCOL, RequestBody.of(body));
        Retry.of(STORE, () -> {
            try (RegistryResponse answer = transport.send(request)) {
                require(answer, 201);
                return null;
            }
        });
    }

    private static void require(RegistryResponse answer, int status) throws IOException {
        if (ActionsService.isBusy(answer.status())) {
            throw new BusyException(answer);
        }
        if (answer.status() != status) {
            throw new ProtocolException("it answers with status " + answer.status());
        }
    }
}

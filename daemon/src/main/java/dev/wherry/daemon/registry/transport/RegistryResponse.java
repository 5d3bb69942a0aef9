package dev.wherry.daemon.registry.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Optional;

/** A server's answer, whose body is yet to be read. */
public record RegistryResponse(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The length that the server announced; -1 when it did not. */
    public long announcedLength() {
        return headers.firstValueAsLong("Content-Length").orElse(-1);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}

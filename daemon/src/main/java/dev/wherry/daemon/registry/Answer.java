package dev.wherry.daemon.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Optional;

/** A server's answer, whose body is yet to be read. */
record Answer(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The length that the server announced, if it did. */
    long announcedLength() {
        return headers.firstValueAsLong("Content-Length").orElse(-1);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}

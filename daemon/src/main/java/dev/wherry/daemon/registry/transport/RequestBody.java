package dev.wherry.daemon.registry.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a request sends. It is opened for each attempt, so that a request can be repeated and nothing has to be kept in
 * memory.
 */
public interface RequestBody {

    /** Nothing. */
    RequestBody NONE = of(new byte[0]);

    static RequestBody of(byte[] bytes) {
        return new RequestBody() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    long length();

    /** A stream of that many bytes. */
    InputStream open() throws IOException;
}

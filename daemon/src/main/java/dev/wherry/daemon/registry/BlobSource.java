package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A blob that can be sent: what it is, and its bytes from any place on, as often as an upload is interrupted.
 */
public interface BlobSource {

    /** A blob of the content store, which the caller holds. */
    static BlobSource of(ContentStore content, Descriptor descriptor) {
        return new BlobSource() {
            @Override
            public Descriptor descriptor() {
                return descriptor;
            }

            @Override
            public InputStream open(long from) throws IOException {
                InputStream in = content.open(descriptor.digest());
                in.skipNBytes(from);
                return in;
            }
        };
    }

    /** A small blob. */
    static BlobSource of(String mediaType, byte[] bytes) {
        Descriptor descriptor = new Descriptor(mediaType, Digest.sha256(bytes), bytes.length);
        return new BlobSource() {
            @Override
            public Descriptor descriptor() {
                return descriptor;
            }

            @Override
            public InputStream open(long from) {
                return new ByteArrayInputStream(bytes, (int) from, bytes.length - (int) from);
            }
        };
    }

    Descriptor descriptor();

    /** The bytes from {@code from} to the end. */
    InputStream open(long from) throws IOException;
}

package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A layer as an archive holds it.
 *
 * @param descriptor digest and size of its bytes
 * @param content writes these bytes
 */
public record LayerBlob(Descriptor descriptor, Content content) {

    /** A blob of the content store. */
    public static LayerBlob stored(Descriptor blob, ContentStore content) {
        return new LayerBlob(blob, out -> {
            try (InputStream in = content.open(blob.digest())) {
                in.transferTo(out);
            }
        });
    }

    /** Bytes that can be written once they are wanted. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}

package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.Descriptor;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A layer as an archive holds it.
 *
 * @param descriptor digest and size of its bytes
 * @param content writes these bytes
 */
public record LayerBlob(Descriptor descriptor, Content content) {

    /** Bytes that can be written once they are wanted. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}

package dev.wherry.daemon.content;

import dev.wherry.daemon.metadata.Leases.Lease;
import java.util.function.LongConsumer;

/** Something that blobs can be brought from into the content store. */
@FunctionalInterface
public interface BlobProvider {

    /** For callers who have brought all blobs already. */
    BlobProvider HERE = (_, _, _) -> false;

    /**
     * Brings a blob into the content store, verified, and takes hold of it.
     *
     * @param arrived told the number of bytes here so far
     * @return false when it was here already
     * @throws dev.wherry.daemon.error.NotFoundException when there is no such blob
     * @throws dev.wherry.daemon.error.CorruptContentException when it is not what the descriptor says
     */
    boolean fetch(Lease lease, Descriptor blob, LongConsumer arrived);
}

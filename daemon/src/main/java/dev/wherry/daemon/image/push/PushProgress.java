package dev.wherry.daemon.image.push;

import dev.wherry.daemon.content.Digest;

/** Where a push tells how far it is. Called from several threads; calls return soon. */
public interface PushProgress {

    /** What happens to a layer. */
    enum Phase {
        PREPARING,
        /** Progress counts bytes of the uncompressed layer. */
        COMPRESSING,
        WAITING,
        /** Progress counts bytes of the compressed layer. */
        PUSHING,
        PUSHED,
        /** The repository has it already. */
        EXISTS,
        /** The registry took it from another of its repositories. */
        MOUNTED
    }

    /**
     * @param layer the layer's diff ID
     * @param from the repository that it was mounted from; empty in other phases
     */
    void layer(Digest layer, Phase phase, long currentBytes, long totalBytes, String from);
}

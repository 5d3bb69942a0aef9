package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.Digest;

/**
 * Where a pull tells how far it is. Called from several threads, one at a time; calls return soon
 * and do not throw, since others may wait for the same pull.
 */
public interface PullProgress {

    /** What happens to a layer. */
    enum Phase {
        WAITING,
        DOWNLOADING,
        DOWNLOADED,
        EXTRACTING,
        DONE,
        /** Here already. */
        EXISTS
    }

    /** For callers who do not want to know. */
    PullProgress NONE = new PullProgress() {
        @Override
        public void message(String line) {}

        @Override
        public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes) {}
    };

    /** A line for the reader. */
    void message(String line);

    /** @param layer digest of the compressed layer */
    void layer(Digest layer, Phase phase, long currentBytes, long totalBytes);
}

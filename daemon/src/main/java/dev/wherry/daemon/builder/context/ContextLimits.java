package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.access.SizeText;
import dev.wherry.daemon.error.ExhaustedException;
import java.util.List;

/**
 * How much room the copies of clients' build contexts may take.
 *
 * @param context bytes of one copy
 * @param all bytes of all copies together
 */
public record ContextLimits(long context, long all) {

    private static final int MOST_FILES = 1_000_000;

    /** @throws ExhaustedException when a context has more files than any may have */
    void checkCount(int files) {
        if (files > MOST_FILES) {
            throw new ExhaustedException("the build context has more than " + MOST_FILES
                    + " files: choose a smaller directory as the build context");
        }
    }

    /** @throws ExhaustedException when a context is larger than it may be */
    void checkSize(List<SyncedFile> files) {
        long bytes = 0;
        for (SyncedFile file : files) {
            long size = file.isRegular() ? file.size() : 0;
            // Each size may be anything, the sum must not overflow.
            if (size > context - bytes) {
                throw new ExhaustedException("the build context is larger than the " + context + " bytes that a client"
                        + " may send: ignore files in .dockerignore, or raise context-limit of the daemon");
            }
            bytes += size;
        }
    }

    /** What a client is told whose own contexts may not take so much. */
    static ExhaustedException exceeded(String owner, long most, long bytes) {
        return new ExhaustedException("quota of build contexts: those of " + owner + " may take " + SizeText.text(most)
                + ", and would take " + SizeText.text(bytes) + " with this one");
    }

    ExhaustedException full() {
        return new ExhaustedException("the build contexts of clients would take more than " + all
                + " bytes: wait for other builds to end, or raise contexts-space of the daemon");
    }
}

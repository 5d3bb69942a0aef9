package dev.wherry.daemon.linux;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.WherryException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;

/** Tells users what a failed file operation means to them. */
public final class StorageFailure {

    private StorageFailure() {}

    /** Whether the file system is full, or the share of it that may be used. */
    public static boolean isNoSpace(IOException failure) {
        if (failure instanceof SystemCallException call) {
            return call.errno() == SystemCallException.ENOSPC || call.errno() == SystemCallException.EDQUOT;
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left on device") || message.contains("quota exceeded");
    }

    /** @param sentence what could not be done: "cannot remove snapshot 7" */
    public static WherryException of(String sentence, IOException failure) {
        if (failure instanceof InterruptedIOException || failure instanceof ClosedByInterruptException) {
            return new CancelledException(sentence + ": cancelled", failure);
        }
        if (isNoSpace(failure)) {
            return new ExhaustedException(sentence + ": no space left on device: free some disk space", failure);
        }
        return new HostException(sentence + ": " + failure.getMessage(), failure);
    }
}

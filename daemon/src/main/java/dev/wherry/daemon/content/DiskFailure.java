package dev.wherry.daemon.content;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.WherryException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Says what a failed file operation means to the user. */
final class DiskFailure {

    private DiskFailure() {}

    static WherryException of(String what, IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        if (reason.contains("No space left on device") || reason.contains("Disk quota exceeded")) {
            return new ExhaustedException(what + ": no space left on device: free some disk space", failure);
        }
        if (failure instanceof ClosedByInterruptException) {
            return new CancelledException(what + ": cancelled", failure);
        }
        return new HostException(what + ": " + reason, failure);
    }
}

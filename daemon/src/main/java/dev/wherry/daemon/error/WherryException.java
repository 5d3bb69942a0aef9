package dev.wherry.daemon.error;

/**
 * What went wrong, said to the user in one sentence: what was wrong and, where it helps, what to do. The subclass is
 * the kind of error that a client can act on. Thrown at the place that knows, never logged and rethrown.
 */
public abstract sealed class WherryException extends RuntimeException
        permits InvalidInputException,
                NotFoundException,
                ConflictException,
                UnsupportedException,
                DeniedException,
                ForbiddenException,
                UnavailableException,
                ShuttingDownException,
                ExhaustedException,
                CorruptContentException,
                StartException,
                BuildException,
                CancelledException,
                HostException {

    WherryException(String message, Throwable cause) {
        super(message, cause);
    }
}

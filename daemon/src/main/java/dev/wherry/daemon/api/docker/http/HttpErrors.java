package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;

/** Errors as Docker's API tells them. */
public final class HttpErrors {

    private HttpErrors() {}

    /** The status code of an answer that is an error. */
    static int code(Throwable failure) {
        return failure instanceof WherryException known
                ? DockerSentences.status(known.getMessage()).orElseGet(() -> code(known))
                : 500;
    }

    private static int code(WherryException failure) {
        return switch (failure) {
            case InvalidInputException invalid -> 400;
            case NotFoundException missing -> 404;
            case ConflictException conflict -> 409;
            case DeniedException denied -> 403;
            case ForbiddenException forbidden -> 403;
            case UnsupportedException unsupported -> 501;
            case ShuttingDownException end -> 503;
            case ExhaustedException exhausted -> 503;
            case StartException start -> start.exitCode().equals(ExitCode.RUNTIME_FAILED) ? 500 : 400;
            case UnavailableException unavailable -> 500;
            case CorruptContentException corrupt -> 500;
            case BuildException build -> 500;
            case CancelledException cancelled -> 500;
            case HostException host -> 500;
        };
    }
}

package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import io.grpc.Status;
import java.util.Locale;

/** What a client says when it fails to serve its session, as errors of the build. */
final class SessionFailures {

    private static final int LONGEST = 2_000;

    private SessionFailures() {}

    static WherryException of(Status status) {
        String reason = reason(status);
        return switch (status.getCode()) {
            case CANCELLED, UNAVAILABLE -> new CancelledException("the client ended its session");
            case NOT_FOUND -> new NotFoundException("session", "", reason);
            case UNIMPLEMENTED -> new UnsupportedException("the client does not offer what the build needs: " + reason);
            default -> new InvalidInputException(reason);
        };
    }

    private static String reason(Status status) {
        String text = status.getDescription() == null
                ? status.getCode().name().toLowerCase(Locale.ROOT)
                : status.getDescription();
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}

package dev.wherry.daemon.boot;

import dev.wherry.daemon.error.WherryException;
import java.util.ArrayList;
import java.util.List;

/** Why the daemon does not run, in words: never the name of an exception, which tells its users nothing. */
final class FailureText {

    private static final String UNKNOWN =
            "an internal error ended the daemon: start it with --log-level debug to see where";

    private FailureText() {}

    /** What the innermost of our own exceptions says, else the innermost message that is more than a name. */
    static String of(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && chain.size() < 100; cause = cause.getCause()) {
            chain.add(cause);
        }
        for (Throwable cause : chain.reversed()) {
            if (cause instanceof WherryException && isText(cause)) {
                return cause.getMessage();
            }
        }
        for (Throwable cause : chain.reversed()) {
            if (isText(cause)) {
                return cause.getMessage();
            }
        }
        return UNKNOWN;
    }

    /** A message that is made of the cause begins with the name of its class. */
    private static boolean isText(Throwable failure) {
        String message = failure.getMessage();
        return message != null
                && !message.isBlank()
                && (failure.getCause() == null
                        || !message.startsWith(failure.getCause().getClass().getName()));
    }
}

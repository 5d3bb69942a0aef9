package dev.wherry.daemon.error;

import java.util.Optional;

/** A request, file or stream that cannot be accepted as it stands: the caller must change it. */
public final class InvalidInputException extends WherryException {

    private final Optional<String> field;

    public InvalidInputException(String message) {
        this(message, null);
    }

    public InvalidInputException(String message, Throwable cause) {
        this(Optional.empty(), message, cause);
    }

    private InvalidInputException(Optional<String> field, String message, Throwable cause) {
        super(message, cause);
        this.field = field;
    }

    /**
     * The same error about a field of the request, such as "filters" or "health.test"; unless it names one already, which
     * is known better where the error is thrown.
     */
    public InvalidInputException in(String name) {
        if (field.isPresent()) {
            return this;
        }
        InvalidInputException named = new InvalidInputException(Optional.of(name), getMessage(), getCause());
        named.setStackTrace(getStackTrace());
        return named;
    }

    /** The field of the request that must be changed, where that is known. */
    public Optional<String> field() {
        return field;
    }
}

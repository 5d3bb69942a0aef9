package dev.wherry.daemon.error;

/** Bytes are not what their digest or size says. */
public final class CorruptContentException extends WherryException {

    public CorruptContentException(String message) {
        this(message, null);
    }

    public CorruptContentException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.wherry.daemon.error;

/** A step of a build failed; the message names the instruction, its place and its exit code. */
public final class BuildException extends WherryException {

    public BuildException(String message) {
        this(message, null);
    }

    public BuildException(String message, Throwable cause) {
        super(message, cause);
    }
}

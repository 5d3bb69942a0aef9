package dev.wherry.daemon.container;

import dev.wherry.daemon.error.ExitCode;

/**
 * How a container, or an exec, ended.
 *
 * @param code of the process
 * @param error why the process could not start, or why its exit code is not its own; empty otherwise
 */
public record Exit(ExitCode code, String error) {

    /** The process ran and ended by itself or by a signal. */
    public static Exit of(ExitCode code) {
        return new Exit(code, "");
    }

    public static Exit of(int code) {
        return of(new ExitCode(code));
    }
}

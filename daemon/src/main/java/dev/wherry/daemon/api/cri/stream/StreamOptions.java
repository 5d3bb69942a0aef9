package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.error.InvalidInputException;

/**
 * The streams of a process that a client asks for.
 *
 * @param tty whether the process has a terminal, which has no error stream of its own
 */
public record StreamOptions(boolean stdin, boolean stdout, boolean stderr, boolean tty) {

    /** @throws InvalidInputException when no stream is asked for, or the error stream of a terminal */
    public StreamOptions {
        if (!stdin && !stdout && !stderr) {
            throw new InvalidInputException("ask for one of stdin, stdout and stderr at least").in("stdout");
        }
        if (tty && stderr) {
            throw new InvalidInputException("a terminal has no stderr of its own: ask for stdout").in("stderr");
        }
    }
}

package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;

/** The output of commands that write an archive. */
public final class RedirectedOutput {

    private RedirectedOutput() {}

    /**
     * Sees to it that no archive goes to a terminal.
     *
     * @param file that the user named; empty for standard output
     * @throws Failure when that is a terminal
     */
    public static void require(String file, Console console) {
        if (file.isEmpty() && console.outIsTerminal()) {
            throw new Failure("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        }
    }
}

package dev.wherry.cli.app;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the command line, and not Quarkus: a command is over before Quarkus would have started. */
@QuarkusMain
public class Main {

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command line and returns its exit status. */
    static int run(String... arguments) {
        return CommandRunner.run(CommandLines.ofProcess(), arguments).code();
    }
}

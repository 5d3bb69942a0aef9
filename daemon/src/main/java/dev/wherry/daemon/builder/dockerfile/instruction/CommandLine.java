package dev.wherry.daemon.builder.dockerfile.instruction;

import java.util.List;

/** What RUN, CMD and ENTRYPOINT start. Variables in it are left to the shell or not replaced at all. */
public sealed interface CommandLine {

    /** Shell form: text that is handed to the shell of the stage ({@code /bin/sh -c} unless SHELL says otherwise). */
    record Shell(String text) implements CommandLine {}

    /** Exec form: a JSON array, started as it is. Empty for {@code CMD []}, which resets what the base image has. */
    record Exec(List<String> args) implements CommandLine {
        public Exec {
            args = List.copyOf(args);
        }
    }
}

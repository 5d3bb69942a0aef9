package dev.wherry.daemon.runtime;

import java.nio.file.Path;

/** The terminal of a step's process, as long as that runs. */
public record StepTerminal(Path bundle) {

    /** Carries what is typed and shown, in conmon's messages. */
    public Path attachSocket() {
        return bundle.resolve("attach");
    }

    /** Takes window sizes, as "1 ROWS COLUMNS". */
    public Path control() {
        return bundle.resolve("ctl");
    }
}

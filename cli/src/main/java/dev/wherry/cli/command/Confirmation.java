package dev.wherry.cli.command;

import dev.wherry.cli.view.Console;
import java.io.IOException;

/** The prompt before objects are removed for good. */
public final class Confirmation {
    private Confirmation() {}

    /**
     * Asks on standard error whether to go on; anything but a y is a no.
     *
     * @param what would be removed, such as "all stopped containers"
     */
    public static boolean given(Console console, String what) throws IOException {
        console.err().print("WARNING! This will remove " + what + ".\nAre you sure you want to continue? [y/N] ");
        console.err().flush();
        int answer = console.in().read();
        if (answer != 'y' && answer != 'Y') {
            console.err().println(answer < 0 ? "" : "Nothing was removed.");
            return false;
        }
        return true;
    }
}

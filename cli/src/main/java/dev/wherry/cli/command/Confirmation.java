package dev.wherry.cli.command;

import dev.wherry.cli.view.Console;
import java.io.IOException;
import java.util.List;

/** The prompt before objects are removed for good. */
public final class Confirmation {
    private Confirmation() {}

    /**
     * Asks on standard error whether to go on; anything but a y is a no.
     *
     * @param what would be removed, such as "all stopped containers"
     */
    public static boolean given(Console console, String what) throws IOException {
        return answered(console, "WARNING! This will remove " + what + ".\n");
    }

    /**
     * As above, for objects of several kinds.
     *
     * @param filters that restrict what is removed, as they were given
     */
    public static boolean given(Console console, List<String> what, List<String> filters) throws IOException {
        StringBuilder warning = new StringBuilder("WARNING! This will remove:\n");
        what.forEach(kind -> warning.append("  - ").append(kind).append('\n'));
        if (!filters.isEmpty()) {
            warning.append("\n  Items to be pruned will be filtered with:\n");
            filters.stream()
                    .sorted()
                    .forEach(filter -> warning.append("  - ").append(filter).append('\n'));
        }
        return answered(console, warning.append('\n').toString());
    }

    private static boolean answered(Console console, String warning) throws IOException {
        console.err().print(warning + "Are you sure you want to continue? [y/N] ");
        console.err().flush();
        int answer = console.in().read();
        if (answer != 'y' && answer != 'Y') {
            console.err().println(answer < 0 ? "" : "Nothing was removed.");
            return false;
        }
        return true;
    }
}

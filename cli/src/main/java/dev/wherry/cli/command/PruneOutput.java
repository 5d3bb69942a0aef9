package dev.wherry.cli.command;

import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Units;
import java.io.PrintStream;
import java.util.List;

/** What a prune says when it is over, as docker does. */
public final class PruneOutput {

    private PruneOutput() {}

    /**
     * Lists what was removed, if anything was.
     *
     * @param kind such as "Containers"
     */
    public static void removed(Console console, String kind, List<String> removed) {
        if (!removed.isEmpty()) {
            PrintStream out = console.out();
            out.println("Deleted " + kind + ":");
            removed.forEach(out::println);
            out.println();
        }
    }

    /** Says how much room there is more. */
    public static void reclaimed(Console console, long bytes) {
        console.out().println("Total reclaimed space: " + Units.size(bytes));
    }
}

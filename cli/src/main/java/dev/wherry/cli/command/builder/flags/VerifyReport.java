package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.BuildDifference;
import java.io.PrintStream;

/** Prints the differences between two builds. */
final class VerifyReport {
    private VerifyReport() {}

    static void print(BuildDifference difference, PrintStream out) {
        int others = difference.getSteps() - 1;
        out.println("The two builds differ" + (others == 0 ? " in one step:" : ", first in this step:"));
        out.println("  " + place(difference) + "  " + TerminalText.sanitised(difference.getStep()));
        out.println("  " + file(difference) + ": " + TerminalText.sanitised(difference.getWhat()));
        if (others > 0) {
            out.println("  and " + others + (others == 1 ? " other step differs," : " other steps differ,")
                    + " perhaps as a consequence");
        }
        out.println("  hint: " + TerminalText.sanitised(difference.getHint()));
    }

    /** For the last line. */
    static String summary(BuildDifference difference) {
        return file(difference) + " differs, " + difference.getFile() + ":" + difference.getLine();
    }

    private static String place(BuildDifference difference) {
        String layer = difference.getLayer() == 0
                ? "a stage that is copied from"
                : "layer " + difference.getLayer() + " of " + difference.getLayers();
        return TerminalText.sanitised(difference.getFile()) + ":" + difference.getLine() + ", " + layer;
    }

    private static String file(BuildDifference difference) {
        return difference.getPath().isEmpty() ? "the layer" : TerminalText.sanitised(difference.getPath());
    }
}

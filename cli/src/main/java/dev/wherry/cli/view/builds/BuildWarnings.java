package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.BuildWarning;
import java.util.ArrayList;
import java.util.List;

/** The warnings of a build, which are printed at its end with a hint for each. */
final class BuildWarnings {
    private BuildWarnings() {}

    /** The lines to print; none when there is no warning. */
    static List<String> lines(List<BuildWarning> warnings) {
        List<String> lines = new ArrayList<>();
        if (warnings.isEmpty()) {
            return lines;
        }
        lines.add("");
        lines.add(warnings.size() == 1 ? " 1 warning found:" : " " + warnings.size() + " warnings found:");
        for (BuildWarning warning : warnings) {
            String rule = warning.hasCheck() ? warning.getCheck().getRule() + ": " : "";
            String line = warning.getLine() == 0 ? "" : " (line " + warning.getLine() + ")";
            lines.add(" - " + TerminalText.oneLine(rule + warning.getMessage()) + line);
            if (warning.hasCheck()) {
                lines.add("   " + TerminalText.oneLine(warning.getCheck().getRemedy()));
            }
        }
        lines.add("");
        return lines;
    }
}

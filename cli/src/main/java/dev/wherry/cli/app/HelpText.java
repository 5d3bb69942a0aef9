package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.app.Catalog.Section;
import java.util.List;

/** The lists of commands. */
final class HelpText {
    private final boolean colours;

    HelpText(boolean colours) {
        this.colours = colours;
    }

    /** What {@code wherry} alone shows. */
    String root() {
        StringBuilder text = new StringBuilder();
        text.append(bold("Usage:")).append("  wherry [OPTIONS] COMMAND\n\n");
        text.append("Build images from Dockerfiles, and run them as containers\n\n");
        section(text, "Common Commands:", Catalog.COMMANDS, Section.COMMON);
        section(text, "Management Commands:", Catalog.COMMANDS, Section.MANAGEMENT);
        section(text, "Commands:", Catalog.COMMANDS, Section.OTHER);
        text.append(bold("Global Options:")).append('\n');
        GlobalFlag.ALL.forEach(flag -> text.append("  %-18s  %s\n".formatted(flag.synopsis(), flag.description())));
        text.append('\n');
        text.append(bold("Examples:")).append('\n');
        text.append("  wherry build -t app .\n");
        text.append("  wherry run --rm app\n");
        text.append("  wherry ps -a\n\n");
        text.append("Run 'wherry COMMAND --help' for more information on a command.\n");
        return text.toString();
    }

    /**
     * What a group of commands alone shows.
     *
     * @param names its name with those of the groups it is in
     */
    String group(Entry group, String names) {
        StringBuilder text = new StringBuilder();
        text.append(bold("Usage:")).append("  wherry ").append(names).append(" COMMAND\n\n");
        text.append(group.summary()).append("\n\n");
        section(text, "Commands:", group.children(), Section.OTHER);
        text.append("Run 'wherry ").append(names).append(" COMMAND --help' for more information on a command.\n");
        return text.toString();
    }

    private void section(StringBuilder text, String heading, List<Entry> entries, Section section) {
        text.append(bold(heading)).append('\n');
        entries.stream()
                .filter(entry -> entry.section() == section)
                .forEach(entry -> text.append("  %-11s %s\n".formatted(entry.name(), entry.summary())));
        text.append('\n');
    }

    private String bold(String text) {
        return colours ? "\033[1m" + text + "\033[0m" : text;
    }
}

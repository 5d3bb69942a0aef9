package dev.wherry.cli.app;

import dev.wherry.cli.app.Catalog.Entry;
import dev.wherry.cli.app.Catalog.Group;
import java.util.List;

/** The help of the program and of groups of commands: lists of what is in them. */
final class HelpText {
    static final String PROGRAM = "Build images from Dockerfiles, and run them as containers";

    private final boolean colours;

    HelpText(boolean colours) {
        this.colours = colours;
    }

    /** The help of the program, which {@code wherry} alone shows too. */
    String root() {
        StringBuilder text = new StringBuilder();
        text.append(bold("Usage:")).append("  wherry [OPTIONS] COMMAND\n\n");
        text.append(PROGRAM).append("\n\n");
        list(text, "Common Commands:", Catalog.COMMON);
        list(text, "Management Commands:", Catalog.MANAGEMENT);
        list(text, "Commands:", Catalog.OTHER);
        text.append(bold("Global Options:")).append('\n');
        GlobalFlag.ALL.forEach(flag -> text.append("  %-24s  %s\n".formatted(flag.synopsis(), flag.description())));
        text.append('\n');
        text.append(bold("Examples:")).append('\n');
        text.append("  wherry build -t app .\n");
        text.append("  wherry run --rm app\n");
        text.append("  wherry ps -a\n\n");
        text.append("Run 'wherry COMMAND --help' for more information on a command.\n");
        return text.toString();
    }

    /**
     * The help of a group.
     *
     * @param path the names that lead to the group
     */
    String group(Group group, String path) {
        StringBuilder text = new StringBuilder();
        text.append(bold("Usage:")).append("  wherry ").append(path).append(" COMMAND\n\n");
        text.append(group.summary()).append("\n\n");
        list(text, "Commands:", group.children());
        text.append("Run 'wherry ").append(path).append(" COMMAND --help' for more information on a command.\n");
        return text.toString();
    }

    private void list(StringBuilder text, String heading, List<Entry> entries) {
        text.append(bold(heading)).append('\n');
        entries.forEach(entry -> text.append("  %-11s %s\n".formatted(entry.name(), entry.summary())));
        text.append('\n');
    }

    private String bold(String text) {
        return colours ? "\033[1m" + text + "\033[0m" : text;
    }
}

package dev.wherry.cli.command.builder;

import dev.wherry.cli.view.BuildProgress.Mode;
import dev.wherry.cli.view.Failure;
import dev.wherry.v1.BuildOptions;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about what is shown of it. */
final class ProgressFlags {
    @Option(
            names = {"-q", "--quiet"},
            description = "Print only the image's ID, no progress")
    private boolean quiet;

    @Option(
            names = "--progress",
            paramLabel = "auto|tty|plain|quiet",
            description = "How progress is shown; default: auto")
    private String progress = "auto";

    @Option(names = "--explain", description = "Say of each step that runs why it was not taken from the cache")
    private boolean explain;

    void into(BuildOptions.Builder options) {
        options.setExplain(explain);
    }

    Mode mode() {
        if (quiet) {
            return Mode.QUIET;
        }
        return switch (progress) {
            case "auto" -> Mode.AUTO;
            case "tty" -> Mode.TTY;
            case "plain" -> Mode.PLAIN;
            case "quiet" -> Mode.QUIET;
            default -> throw new Failure("build: --progress must be auto, tty, plain or quiet");
        };
    }
}

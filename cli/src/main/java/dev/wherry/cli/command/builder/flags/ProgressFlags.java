package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.builds.BuildDisplay.Mode;
import dev.wherry.v1.BuildOptions;
import java.util.Map;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about its progress output. */
public final class ProgressFlags {
    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress the build output and print the image ID on success")
    private boolean quiet;

    @Option(
            names = "--progress",
            paramLabel = "auto|tty|plain|rawjson|quiet",
            description = "Set type of progress output (default \"auto\", or BUILDKIT_PROGRESS)")
    private String progress = "";

    @Option(names = "--explain", description = "Explain why each executed step missed the cache")
    private boolean explain;

    public void into(BuildOptions.Builder options) {
        options.setExplain(explain);
    }

    /** @param environment may name another mode than auto for when no flag says one */
    public Mode mode(Map<String, String> environment) {
        if (quiet) {
            return Mode.QUIET;
        }
        String byDefault = environment.getOrDefault("BUILDKIT_PROGRESS", "");
        boolean given = !progress.isEmpty();
        String wanted = given ? progress : byDefault.isEmpty() ? "auto" : byDefault;
        return switch (wanted) {
            case "auto" -> Mode.AUTO;
            case "tty" -> Mode.TTY;
            case "plain" -> Mode.PLAIN;
            case "quiet" -> Mode.QUIET;
            case "rawjson" -> Mode.RAWJSON;
            default ->
                throw new Failure("build: " + (given ? "--progress" : "BUILDKIT_PROGRESS")
                        + " must be auto, tty, plain, rawjson or quiet");
        };
    }
}

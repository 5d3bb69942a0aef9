package dev.wherry.daemon.api.docker.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.image.ProgressLines;
import dev.wherry.daemon.builder.BuildResult;
import dev.wherry.daemon.builder.explain.Explanation;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.error.BuildException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A build as docker's clients have read it from the first: {@code Step 1/3 : FROM busybox}. Steps that run beside each
 * other tell of themselves in turns, numbered in the order of their beginnings.
 */
final class BuildLines implements ProgressReport {

    private static final Pattern INSTRUCTION = Pattern.compile("\\[(?:[^]]* )?[0-9]+/[0-9]+] (.*)", Pattern.DOTALL);

    private static final Pattern FAILED_RUN =
            Pattern.compile("\\S+:[0-9]+: RUN (.*): exit code ([0-9]+)", Pattern.DOTALL);
    private static final String RED = "\u001b[91m";
    private static final String PLAIN = "\u001b[0m";

    private final ProgressLines lines;
    private final boolean quiet;
    private final boolean hasCache;
    private int steps;
    private int begun;

    /**
     * Lines of one build.
     *
     * @param quiet whether nothing but the result is told
     * @param hasCache false if nothing comes from a cache, not even what costs nothing
     */
    BuildLines(ProgressLines lines, boolean quiet, boolean hasCache) {
        this.lines = lines;
        this.quiet = quiet;
        this.hasCache = hasCache;
    }

    private void text(String text) {
        if (!quiet) {
            lines.send(ProgressLines.line().put("stream", text));
        }
    }

    @Override
    public synchronized void planned(int planned) {
        steps += planned;
    }

    @Override
    public synchronized void started(int step, String name, boolean cached) {
        Matcher instruction = INSTRUCTION.matcher(name);
        if (instruction.matches()) {
            begun++;
            text("Step " + begun + "/" + Math.max(begun, steps) + " : " + instruction.group(1));
            text("\n");
            if (cached && hasCache && !instruction.group(1).startsWith("FROM ")) {
                text(" ---> Using cache\n");
            }
        }
    }

    @Override
    public void joined(int step, String name, Duration running) {
        started(step, name, false);
    }

    @Override
    public void output(int step, BuildProgress.Stream stream, byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        // As docker has it, what is no output is red.
        text(stream == BuildProgress.Stream.STDERR ? RED + text + PLAIN : text);
    }

    @Override
    public void transferred(int step, String item, long current, long total) {}

    @Override
    public void offered(int step, String shell, String problem) {}

    @Override
    public void ended(int step, Duration duration, Optional<String> error) {}

    @Override
    public void explained(Explanation explanation) {
        explanation.lines().forEach(line -> text(" ---> Not cached: " + line + "\n"));
    }

    @Override
    public void warning(Warning warning) {
        text("[Warning] " + warning.message() + "\n");
    }

    /** The build has failed: a step in the words that programs look for, anything else in our own. */
    void fail(BuildException failure) {
        Matcher run = FAILED_RUN.matcher(String.valueOf(failure.getMessage()));
        if (run.matches()) {
            lines.fail(
                    "The command '/bin/sh -c " + run.group(1) + "' returned a non-zero code: " + run.group(2),
                    Integer.parseInt(run.group(2)));
        } else {
            lines.fail(failure.getMessage(), 0);
        }
    }

    /** The build has ended. */
    void finish(BuildResult result) {
        result.product().image().ifPresent(image -> {
            String id = image.id().toString();
            if (quiet) {
                lines.send(ProgressLines.line().put("stream", id + "\n"));
                return;
            }
            ObjectNode line = ProgressLines.line();
            line.putObject("aux").put("ID", id);
            lines.send(line);
            text("Successfully built " + image.id().hex().substring(0, 12) + "\n");
            result.tags().forEach(tag -> text("Successfully tagged " + tag + "\n"));
        });
    }
}

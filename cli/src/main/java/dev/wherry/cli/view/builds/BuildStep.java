package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Transfer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The state of one step of a build, as the events tell it. */
public final class BuildStep {
    /** How a step stands. */
    enum State {
        RUNNING,
        CACHED,
        DONE,
        FAILED,
        CANCELLED
    }

    /** Output lines kept for the report of a failure. */
    private static final int KEPT = 20;
    /** Longer lines are shown in pieces. */
    private static final int LONGEST = 4096;

    /** {@code [build 2/6] RUN make}; a stage that is alone has no name. */
    private static final Pattern NAME = Pattern.compile("\\[(?:(\\S+) +)?(\\d+)/(\\d+)] (.*)");

    final int number;
    final String name;
    /** The stage it belongs to; empty when there is but one, or it belongs to none. */
    final String stage;
    /** Its name within its stage. */
    final String nameInStage;
    /** How many steps its stage has; 0 when unknown. */
    final int stageSteps;

    final long startedNanos;
    final Deque<String> tail = new ArrayDeque<>();
    /** Why it was not taken from the cache, where that was told. */
    final List<String> why = new ArrayList<>();

    final Map<String, Transfer> moved = new LinkedHashMap<>();
    State state = State.RUNNING;
    long durationNanos;
    String error = "";
    /** The line that each of the two streams is in the middle of. */
    private final Map<Integer, Partial> partials = new TreeMap<>();

    /** @param returned whether the line before ended in a carriage return, and the next one is written over it */
    private static final class Partial {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean returned;
    }

    BuildStep(int number, String name, long startedNanos) {
        this.number = number;
        this.name = TerminalText.oneLine(name);
        this.startedNanos = startedNanos;
        Matcher parts = NAME.matcher(this.name);
        boolean staged = parts.matches() && parts.group(1) != null;
        this.stage = staged ? parts.group(1) : "";
        this.nameInStage = staged ? "[" + parts.group(2) + "/" + parts.group(3) + "] " + parts.group(4) : this.name;
        this.stageSteps = staged && parts.group(3).length() < 7 ? Integer.parseInt(parts.group(3)) : 0;
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Whether it did work of its own, and has done it. */
    boolean hasRun() {
        return state == State.DONE && durationNanos > 0;
    }

    long elapsedNanos(long now) {
        return isRunning() ? now - startedNanos : durationNanos;
    }

    /** The build has ended without a word of this step. */
    void cancel(long now) {
        durationNanos = now - startedNanos;
        state = State.CANCELLED;
    }

    /** Takes output of one of the step's streams, and returns the lines it completed, fit for a terminal. */
    List<String> output(int stream, byte[] data) {
        Partial partial = partials.computeIfAbsent(stream, _ -> new Partial());
        List<String> lines = new ArrayList<>();
        for (byte b : data) {
            boolean ends = b == '\n' ? !partial.returned || partial.bytes.size() > 0 : b == '\r' && hasText(partial);
            if (ends || partial.bytes.size() >= LONGEST) {
                lines.add(keep(partial));
            }
            if (b == '\n' || b == '\r') {
                partial.returned = b == '\r' && (ends || partial.returned);
            } else {
                partial.bytes.write(b);
            }
        }
        return lines;
    }

    private static boolean hasText(Partial partial) {
        return partial.bytes.size() > 0;
    }

    /** The lines that output ended in without a line end. */
    List<String> rest() {
        return partials.values().stream()
                .filter(BuildStep::hasText)
                .map(this::keep)
                .toList();
    }

    /** The last lines as a terminal would show them now, the unfinished ones included. */
    List<String> lastLines(int count) {
        List<String> lines = new ArrayList<>(tail);
        for (Partial partial : partials.values()) {
            if (hasText(partial)) {
                if (partial.returned && !lines.isEmpty()) {
                    lines.removeLast();
                }
                lines.add(TerminalText.sanitised(partial.bytes.toString(StandardCharsets.UTF_8)));
            }
        }
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    private String keep(Partial partial) {
        String line = TerminalText.sanitised(partial.bytes.toString(StandardCharsets.UTF_8));
        partial.bytes.reset();
        if (partial.returned && !tail.isEmpty()) {
            tail.removeLast();
        }
        partial.returned = false;
        tail.addLast(line);
        if (tail.size() > KEPT) {
            tail.removeFirst();
        }
        return line;
    }
}

package dev.wherry.cli.view;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a reader knows of one step of a build: from its start to its result. */
final class BuildStep {
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

    /** Bytes moved of one item. */
    record Moved(long current, long total) {}

    final int number;
    final String name;
    final long startedNanos;
    final Deque<String> tail = new ArrayDeque<>();
    /** Why it was not taken from the cache, where that was told. */
    final List<String> why = new ArrayList<>();

    final Map<String, Moved> moved = new LinkedHashMap<>();
    State state = State.RUNNING;
    long durationNanos;
    String error = "";
    /** The line that each of the two streams is in the middle of. */
    private final Map<Integer, ByteArrayOutputStream> partials = new TreeMap<>();

    BuildStep(int number, String name, long startedNanos) {
        this.number = number;
        this.name = Text.oneLine(name);
        this.startedNanos = startedNanos;
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    long elapsedNanos(long now) {
        return isRunning() ? now - startedNanos : durationNanos;
    }

    /** Takes output of one of the step's streams, and returns the lines it completed, fit for a terminal. */
    List<String> output(int stream, byte[] data) {
        ByteArrayOutputStream partial = partials.computeIfAbsent(stream, unused -> new ByteArrayOutputStream());
        List<String> lines = new ArrayList<>();
        for (byte b : data) {
            if (b == '\n' || b == '\r' && partial.size() > 0 || partial.size() >= LONGEST) {
                lines.add(take(partial));
            }
            if (b != '\n' && b != '\r') {
                partial.write(b);
            }
        }
        lines.forEach(this::keep);
        return lines;
    }

    /** The lines that output ended in without a line end. */
    List<String> rest() {
        List<String> lines = partials.values().stream()
                .filter(partial -> partial.size() > 0)
                .map(BuildStep::take)
                .toList();
        lines.forEach(this::keep);
        return lines;
    }

    private static String take(ByteArrayOutputStream partial) {
        String line = Text.sanitised(partial.toString(StandardCharsets.UTF_8));
        partial.reset();
        return line;
    }

    private void keep(String line) {
        tail.addLast(line);
        if (tail.size() > KEPT) {
            tail.removeFirst();
        }
    }
}

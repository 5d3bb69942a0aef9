package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.cache.Input;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the inputs in which two runs of a step differ. The digests of copied files are left to {@link FileDiff}, which
 * can name the files.
 */
final class StepDiff {

    private StepDiff() {}

    /** Empty exactly when both have the same inputs in the same order. */
    static List<Cause> of(StepInputs before, StepInputs after) {
        List<RecordedInput> left = new ArrayList<>(before.list());
        List<Cause.Changed> changes = new ArrayList<>();
        List<RecordedInput> kept = new ArrayList<>();
        for (RecordedInput input : after.list()) {
            Optional<RecordedInput> was = take(left, input);
            was.ifPresent(kept::add);
            if (was.filter(input::sameValue).isEmpty()) {
                changes.add(new Cause.Changed(input.kind(), input.name(), was, Optional.of(input)));
            }
        }
        for (RecordedInput input : left) {
            changes.add(new Cause.Changed(input.kind(), input.name(), Optional.of(input), Optional.empty()));
        }
        if (changes.isEmpty()) {
            return reordered(before.list(), kept);
        }
        changes.sort(Comparator.comparing(Cause.Changed::kind));
        return List.copyOf(changes);
    }

    /** True if two runs of a step have the same inputs and read the same. */
    static boolean isSame(StepInputs before, StepInputs after) {
        return of(before, after).isEmpty() && before.files().equals(after.files());
    }

    private static Optional<RecordedInput> take(List<RecordedInput> from, RecordedInput wanted) {
        for (int i = 0; i < from.size(); i++) {
            if (from.get(i).sameThing(wanted)) {
                return Optional.of(from.remove(i));
            }
        }
        return Optional.empty();
    }

    /** @param now the inputs of before in the order of now */
    private static List<Cause> reordered(List<RecordedInput> before, List<RecordedInput> now) {
        for (boolean content : new boolean[] {false, true}) {
            List<RecordedInput> then = of(before, content);
            List<RecordedInput> after = of(now, content);
            for (int i = 0; i < then.size(); i++) {
                if (!then.get(i).sameThing(after.get(i))) {
                    Input.Kind kind = then.get(i).kind();
                    return List.of(new Cause.Reordered(kind));
                }
            }
        }
        return List.of();
    }

    private static List<RecordedInput> of(List<RecordedInput> inputs, boolean content) {
        return inputs.stream()
                .filter(input -> input.kind().isContent() == content)
                .toList();
    }
}

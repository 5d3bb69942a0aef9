package dev.wherry.daemon.builder.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds for each step of a build which step of an earlier build it was. Within a stage the instructions that are the same
 * in both, in the same order, are each other; between two of them, those of the same kind are paired in their order.
 */
final class Alignment {

    /** Longer stages are compared by their instructions alone. */
    private static final int MOST_CELLS = 1_000_000;

    private final Map<Integer, Place> pairs = new HashMap<>();
    private final Map<Integer, Place> moved = new HashMap<>();

    private Alignment() {}

    static Alignment of(List<Place> now, List<Place> then) {
        Alignment alignment = new Alignment();
        Map<String, List<Place>> stages = byStage(now);
        Map<String, List<Place>> earlier = byStage(then);
        List<String> left = new ArrayList<>(earlier.keySet());
        left.removeAll(stages.keySet());
        stages.forEach((name, places) -> {
            List<Place> partner = earlier.get(name);
            if (partner == null && !left.isEmpty()) {
                partner = earlier.get(left.removeFirst());
            }
            alignment.stage(places, partner == null ? List.of() : partner);
        });
        alignment.findMoved(now, then);
        return alignment;
    }

    /** The step of then that the step of now is; null when it is new. */
    Place then(int step) {
        return pairs.get(step);
    }

    /** Where the same instruction stood then, when the step of now is new in its place; else null. */
    Place movedFrom(int step) {
        return moved.get(step);
    }

    private static Map<String, List<Place>> byStage(List<Place> places) {
        Map<String, List<Place>> stages = new LinkedHashMap<>();
        places.forEach(place -> stages.computeIfAbsent(place.stage(), unused -> new ArrayList<>())
                .add(place));
        return stages;
    }

    private void stage(List<Place> now, List<Place> then) {
        int[][] common = (long) now.size() * then.size() > MOST_CELLS ? new int[1][1] : common(now, then);
        int i = 0;
        int j = 0;
        List<Place> gapNow = new ArrayList<>();
        List<Place> gapThen = new ArrayList<>();
        while (i < common.length - 1 && j < common[0].length - 1) {
            if (now.get(i).instruction().equals(then.get(j).instruction())) {
                pairs.put(now.get(i++).step(), then.get(j++));
                pair(gapNow, gapThen);
            } else if (common[i + 1][j] >= common[i][j + 1]) {
                gapNow.add(now.get(i++));
            } else {
                gapThen.add(then.get(j++));
            }
        }
        gapNow.addAll(now.subList(i, now.size()));
        gapThen.addAll(then.subList(j, then.size()));
        pair(gapNow, gapThen);
    }

    /** Lengths of the longest common subsequences of the ends of both. */
    private static int[][] common(List<Place> now, List<Place> then) {
        int[][] common = new int[now.size() + 1][then.size() + 1];
        for (int i = now.size() - 1; i >= 0; i--) {
            for (int j = then.size() - 1; j >= 0; j--) {
                common[i][j] = now.get(i).instruction().equals(then.get(j).instruction())
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private void pair(List<Place> gapNow, List<Place> gapThen) {
        for (Place place : gapNow) {
            for (int i = 0; i < gapThen.size(); i++) {
                if (gapThen.get(i).keyword().equalsIgnoreCase(place.keyword())) {
                    pairs.put(place.step(), gapThen.get(i));
                    gapThen.subList(0, i + 1).clear();
                    break;
                }
            }
        }
        gapNow.clear();
        gapThen.clear();
    }

    private void findMoved(List<Place> now, List<Place> then) {
        Map<String, Place> texts = new HashMap<>();
        then.forEach(place -> texts.putIfAbsent(place.instruction(), place));
        for (Place place : now) {
            Place same = texts.get(place.instruction());
            if (same != null && !pairs.containsKey(place.step())) {
                moved.put(place.step(), same);
            }
        }
    }
}

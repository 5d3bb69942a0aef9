package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.plan.Plan;
import dev.wherry.daemon.builder.solver.Solver;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.layer.LayerDifference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares two builds of one plan, each done without the cache, step by step in the order of the Dockerfile. Steps that
 * nothing but another step's difference makes differ come after that one.
 */
public final class Verification {

    /** So long, in milliseconds, lies between the two builds at least: a time in whole seconds then differs too. */
    private static final long APART = 1100;

    private final Snapshotter snapshotter;
    private final Plan plan;

    public Verification(Snapshotter snapshotter, Plan plan) {
        this.snapshotter = snapshotter;
        this.plan = plan;
    }

    /**
     * Waits until the second build may begin.
     *
     * @param firstBegan as {@link System#nanoTime} had it
     */
    public static void moveApart(long firstBegan) {
        try {
            Thread.sleep(Math.max(0, APART - (System.nanoTime() - firstBegan) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
    }

    /** Empty when both gave the same. */
    public Optional<Difference> compare(Solver first, Solver second) {
        Optional<Vertex> culprit = Optional.empty();
        int differing = 0;
        for (Vertex vertex : vertices()) {
            SnapshotId one = first.result(vertex).snapshot().orElseThrow();
            SnapshotId other = second.result(vertex).snapshot().orElseThrow();
            if (!snapshotter.diff(one).diffId().equals(snapshotter.diff(other).diffId())) {
                differing++;
                culprit = culprit.isPresent() ? culprit : Optional.of(vertex);
            }
        }
        int steps = differing;
        return culprit.map(vertex -> difference(vertex, first, second, steps));
    }

    private Difference difference(Vertex vertex, Solver first, Solver second, int steps) {
        SnapshotId one = first.result(vertex).snapshot().orElseThrow();
        SnapshotId other = second.result(vertex).snapshot().orElseThrow();
        List<SnapshotId> image =
                first.result(plan.top()).snapshot().map(snapshotter::chain).orElse(List.of());
        LayerDifference file = snapshotter.difference(one, other);
        return new Difference(
                vertex.step(), image.indexOf(one) + 1, image.size(), file, steps, DifferenceHints.of(file));
    }

    /** The vertices that steps made, in the order of the Dockerfile. */
    private List<Vertex> vertices() {
        Set<Vertex> all = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(plan.top(), all);
        List<Vertex> made = new ArrayList<>(all);
        made.removeIf(Vertex.Source.class::isInstance);
        made.sort(Comparator.comparingInt(vertex -> vertex.place().step()));
        return made;
    }

    private static void collect(Vertex vertex, Set<Vertex> all) {
        if (all.add(vertex)) {
            vertex.parents().forEach(parent -> collect(parent, all));
        }
    }
}

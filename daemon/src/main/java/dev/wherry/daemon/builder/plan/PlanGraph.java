package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.copy.CopyOperation;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.explain.BuildGraph;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.explain.StepInputs;
import dev.wherry.daemon.builder.run.RunOperation;
import dev.wherry.daemon.builder.solver.Operation;
import dev.wherry.daemon.builder.solver.Vertex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The graph of a plan by the numbers of its steps; it is walked when somebody first asks. */
public final class PlanGraph implements BuildGraph {

    private final List<Vertex> tops;
    private Map<Integer, Vertex> vertices;

    public PlanGraph(List<Vertex> tops) {
        this.tops = List.copyOf(tops);
    }

    @Override
    public List<Place> places() {
        return vertices().values().stream().map(Vertex::place).toList();
    }

    @Override
    public OptionalInt parent(int step) {
        return vertices()
                .get(step)
                .base()
                .map(parent -> OptionalInt.of(parent.place().step()))
                .orElse(OptionalInt.empty());
    }

    @Override
    public StepInputs inputs(int step) {
        Vertex vertex = vertices().get(step);
        return StepInputs.of(vertex.step().source(), vertex.inputs());
    }

    @Override
    public String instruction(int step) {
        return vertices().get(step).step().source();
    }

    @Override
    public List<Integer> runsAfter(int step) {
        List<Integer> runs = new ArrayList<>();
        vertices().forEach((number, vertex) -> {
            if (operation(vertex) instanceof RunOperation && isOn(vertex, step)) {
                runs.add(number);
            }
        });
        return runs;
    }

    private static boolean isOn(Vertex vertex, int step) {
        for (Optional<Vertex> below = vertex.base();
                below.isPresent();
                below = below.get().base()) {
            if (below.get().place().step() == step) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String placed(int step, String path) {
        return operation(vertices().get(step)) instanceof CopyOperation copy ? Placement.of(copy.spec(), path) : path;
    }

    @Override
    public boolean hasSecrets(int step) {
        return operation(vertices().get(step)) instanceof RunOperation run
                && run.spec().mounts().stream().anyMatch(mount -> mount.mount() instanceof RunMount.Secret);
    }

    @Override
    public boolean isCopiedOn(int step, String placed) {
        return vertices().values().stream()
                .anyMatch(vertex -> vertex instanceof Vertex.Derived derived
                        && derived.operation() instanceof CopyOperation copy
                        && derived.sources().stream()
                                .anyMatch(from -> from.place().step() == step || isOn(from, step))
                        && copy.spec().sources().stream().anyMatch(source -> Placement.covers(source, placed)));
    }

    private static Operation operation(Vertex vertex) {
        return vertex instanceof Vertex.Derived derived ? derived.operation() : null;
    }

    private synchronized Map<Integer, Vertex> vertices() {
        if (vertices == null) {
            vertices = new TreeMap<>();
            Deque<Vertex> open = new ArrayDeque<>(tops);
            while (!open.isEmpty()) {
                Vertex vertex = open.pop();
                if (vertices.putIfAbsent(vertex.place().step(), vertex) == null) {
                    // What is only read from is no step of its own.
                    vertex.parents().stream()
                            .filter(below -> !below.isExternal())
                            .forEach(open::push);
                }
            }
        }
        return vertices;
    }
}

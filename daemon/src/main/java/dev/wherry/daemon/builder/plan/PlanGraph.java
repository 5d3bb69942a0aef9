package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.explain.BuildGraph;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.explain.StepInputs;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Facets;
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

    private final Vertex top;
    private Map<Integer, Vertex> vertices;

    public PlanGraph(Vertex top) {
        this.top = top;
    }

    public static Place place(Step step) {
        return new Place(step.id(), step.stage(), step.source());
    }

    @Override
    public List<Place> places() {
        return vertices().values().stream().map(vertex -> place(vertex.step())).toList();
    }

    @Override
    public OptionalInt parent(int step) {
        return parent(vertices().get(step))
                .map(parent -> OptionalInt.of(parent.step().id()))
                .orElse(OptionalInt.empty());
    }

    @Override
    public StepInputs inputs(int step) {
        return Facets.of(vertices().get(step));
    }

    @Override
    public String instruction(int step) {
        return vertices().get(step).step().source();
    }

    @Override
    public List<Integer> runsAfter(int step) {
        List<Integer> runs = new ArrayList<>();
        vertices().forEach((number, vertex) -> {
            if (vertex instanceof Vertex.Run && isOn(vertex, step)) {
                runs.add(number);
            }
        });
        return runs;
    }

    private static boolean isOn(Vertex vertex, int step) {
        for (Optional<Vertex> below = parent(vertex); below.isPresent(); below = parent(below.get())) {
            if (below.get().step().id() == step) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String placed(int step, String path) {
        return vertices().get(step) instanceof Vertex.Copy copy ? Placement.of(copy, path) : path;
    }

    @Override
    public boolean hasSecrets(int step) {
        return vertices().get(step) instanceof Vertex.Run run
                && run.mounts().stream().anyMatch(mount -> mount.mount() instanceof RunMount.Secret);
    }

    @Override
    public boolean isCopiedOn(int step, String placed) {
        return vertices().values().stream()
                .anyMatch(vertex -> vertex instanceof Vertex.Copy copy
                        && copy.from()
                                .filter(from -> from.step().id() == step || isOn(from, step))
                                .isPresent()
                        && copy.sources().stream().anyMatch(source -> Placement.covers(source, placed)));
    }

    private synchronized Map<Integer, Vertex> vertices() {
        if (vertices == null) {
            vertices = new TreeMap<>();
            Deque<Vertex> open = new ArrayDeque<>(List.of(top));
            while (!open.isEmpty()) {
                Vertex vertex = open.pop();
                if (vertices.putIfAbsent(vertex.step().id(), vertex) == null) {
                    below(vertex).forEach(open::push);
                }
            }
        }
        return vertices;
    }

    private static List<Vertex> below(Vertex vertex) {
        List<Vertex> below = new ArrayList<>();
        parent(vertex).ifPresent(below::add);
        // An image that is only read from is no step: the step that reads says so.
        sources(vertex).stream().filter(from -> !from.isSource()).forEach(below::add);
        return below;
    }

    /** The vertices whose files a step reads, besides those it begins with. */
    public static List<Vertex> sources(Vertex vertex) {
        return switch (vertex) {
            case Vertex.Copy copy -> copy.from().stream().toList();
            case Vertex.Run run -> run.sources();
            case Vertex.Scratch scratch -> List.of();
            case Vertex.Base base -> List.of();
            case Vertex.Fetched fetched -> List.of();
            case Vertex.Context context -> List.of();
            case Vertex.Workdir workdir -> List.of();
        };
    }

    /** The step whose result a step begins with. */
    public static Optional<Vertex> parent(Vertex vertex) {
        return switch (vertex) {
            case Vertex.Scratch scratch -> Optional.empty();
            case Vertex.Base base -> Optional.empty();
            case Vertex.Fetched fetched -> Optional.empty();
            case Vertex.Context context -> Optional.empty();
            case Vertex.Workdir workdir -> Optional.of(workdir.parent());
            case Vertex.Run run -> Optional.of(run.parent());
            case Vertex.Copy copy -> Optional.of(copy.parent());
        };
    }
}

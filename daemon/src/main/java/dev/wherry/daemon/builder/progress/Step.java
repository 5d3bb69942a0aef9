package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.builder.explain.Place;
import java.util.Optional;

/**
 * A step of a build as the reader of the progress sees it. Steps are told apart by identity; {@link BuildProgress#step}
 * gives the handle under which a step reports its progress.
 */
public final class Step {

    private final String name;
    private final Optional<Place> place;
    private final StepOrigin origin;

    private Step(String name, Optional<Place> place, StepOrigin origin) {
        this.name = name;
        this.place = place;
        this.origin = origin;
    }

    /**
     * A step that an instruction stands for.
     *
     * @param name such as {@code [2/6] WORKDIR /app}, or {@code [build 2/6] …} where there are several stages
     * @param place where the history finds the step
     */
    public static Step of(String name, Place place, StepOrigin origin) {
        return new Step(name, Optional.of(place), origin);
    }

    /** A step that no instruction stands for, such as an export. */
    public static Step of(String name) {
        return new Step(name, Optional.empty(), StepOrigin.NONE);
    }

    /** The same step, done by the second build of a verification. */
    public Step again() {
        return new Step("[again] " + name, Optional.empty(), origin);
    }

    /**
     * A step that the same instruction needs before its own, such as the loading of a context.
     *
     * @param number of the new step in the plan
     */
    public Step before(int number, String title) {
        return of(title, new Place(number, place.map(Place::stage).orElse(""), title), origin);
    }

    public String name() {
        return name;
    }

    /** Where the history finds the step; empty for a step that no instruction stands for. */
    public Optional<Place> place() {
        return place;
    }

    /** The instruction on one line, or the name of a step that no instruction stands for. */
    public String source() {
        return place.map(Place::instruction).orElse(name);
    }

    /** The Dockerfile that the step's instruction stands in; empty for a step that no instruction stands for. */
    public String file() {
        return origin.file();
    }

    /** The line of the instruction from 1, or 0 for a step that no instruction stands for. */
    public int line() {
        return origin.line();
    }

    /** What the step is made from. */
    public StepOrigin origin() {
        return origin;
    }

    /** The error for an instruction that asks for something impossible. */
    public RuntimeException refused(String problem) {
        return refused(source(), problem);
    }

    /**
     * The error for an instruction that asks for something impossible.
     *
     * @param offending the part of the instruction that is wrong
     */
    public RuntimeException refused(String offending, String problem) {
        return origin.refused(offending, source() + ": " + problem);
    }

    /** The error for a step that was tried and failed. */
    public RuntimeException failed(String problem) {
        return failed(problem, null);
    }

    public RuntimeException failed(String problem, Throwable cause) {
        return origin.failed(problem, cause);
    }

    /**
     * The failure of a step that several builds share, with the location that the instruction has in this build.
     *
     * @param performed the step of the build that performed it
     */
    public RuntimeException adopted(Throwable failure, Step performed) {
        return origin.adopted(failure, performed.origin);
    }

    @Override
    public String toString() {
        return name;
    }
}

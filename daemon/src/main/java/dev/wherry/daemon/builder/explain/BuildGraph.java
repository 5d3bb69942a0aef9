package dev.wherry.daemon.builder.explain;

import java.util.List;
import java.util.OptionalInt;

/** What an explanation needs to know of the graph of a build. Steps are named by their numbers. */
public interface BuildGraph {

    /** The steps that have results of their own, ascending. */
    List<Place> places();

    /** The step whose result this one begins with. */
    OptionalInt parent(int step);

    /** What a step depends on; the files of a copy are left out. */
    StepInputs inputs(int step);

    /** The instruction of a step as written, on one line. */
    String instruction(int step);

    /** The RUN steps that begin with the result of a step, at once or by others between, ascending. */
    List<Integer> runsAfter(int step);

    /**
     * Where a file lies that a copy brings.
     *
     * @param path seen from what it is copied from
     * @return absolute path; the path itself where nothing is known
     */
    String placed(int step, String path);

    /** Whether a step is given secrets, which it may write to its output. */
    boolean hasSecrets(int step);

    /** Whether a later stage may copy a file of the file system that a step is part of. */
    boolean isCopiedOn(int step, String placed);
}

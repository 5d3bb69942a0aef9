package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.builder.explain.Recording;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.linux.OpenedFiles;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Learns which of the files that came from the build context a RUN opens, so that the history can say which it needs. The
 * kernel notes it while the step runs; where it refuses, or there are too many directories or files, nothing is known.
 */
public final class ReadTrace {

    private static final int MOST_DIRECTORIES = 2000;
    private static final int MOST_FILES = 500;

    private final Recording recording;
    private final Map<Integer, Supplier<Selection>> copied = new ConcurrentHashMap<>();

    public ReadTrace(Recording recording) {
        this.recording = recording;
    }

    /** A COPY of the context takes these files. */
    void copied(Vertex copy, Supplier<Selection> selection) {
        copied.put(copy.place().step(), selection);
    }

    /** Does the work of a RUN whose file system is mounted at {@code rootfs}. */
    public void during(Vertex run, Path rootfs, Runnable work) {
        Set<String> directories = directories(run);
        Optional<OpenedFiles> watch = directories.isEmpty() || directories.size() > MOST_DIRECTORIES
                ? Optional.empty()
                : OpenedFiles.watch(rootfs, directories, MOST_FILES);
        if (watch.isEmpty()) {
            work.run();
            return;
        }
        try (OpenedFiles opened = watch.get()) {
            work.run();
            opened.paths().ifPresent(paths -> recording.read(run.place().step(), paths));
        }
    }

    /** Where files of the context lie in the file system of a RUN. */
    private Set<String> directories(Vertex run) {
        Set<String> directories = new LinkedHashSet<>();
        for (Optional<Vertex> vertex = run.base();
                vertex.isPresent() && directories.size() <= MOST_DIRECTORIES;
                vertex = vertex.get().base()) {
            Supplier<Selection> selection = copied.get(vertex.get().place().step());
            if (selection != null
                    && vertex.get() instanceof Vertex.Derived derived
                    && derived.operation() instanceof CopyOperation copy) {
                selection.get().sources().forEach(source -> add(copy.spec(), source, directories));
            }
        }
        return directories;
    }

    private static void add(CopySpec copy, Selection.Source source, Collection<String> into) {
        String destination = copy.destination();
        boolean below = source.isDirectory() || destination.endsWith("/");
        String base = destination.replaceAll("/+$", "");
        int slash = base.lastIndexOf('/');
        String directory = below ? base : base.substring(0, Math.max(slash, 0));
        into.add(directory.isEmpty() ? "/" : directory);
        for (SourceFile file : source.contents()) {
            if (into.size() > MOST_DIRECTORIES) {
                return;
            }
            if (file.status().isDirectory()) {
                into.add(directory + "/" + file.target());
            }
        }
    }
}

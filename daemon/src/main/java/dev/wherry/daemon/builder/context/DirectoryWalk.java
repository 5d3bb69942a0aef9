package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.context.SourceFilter.Verdict;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Lists a directory at every depth: one stat a file, directories side by side, in an order that depends on nothing but
 * the names. Symbolic links are listed, never followed.
 */
final class DirectoryWalk {

    private final SourceFilter filter;

    DirectoryWalk(SourceFilter filter) {
        this.filter = filter;
    }

    /** @param relative the directory as seen from the root of the tree */
    List<SourceFile> contents(Path directory, Path relative) throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<SourceFile> found = new ArrayList<>();
            new Listing(threads, relative, Path.of("")).read(directory).into(found);
            return found;
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** One directory; those in it are read by threads of their own meanwhile. */
    private final class Listing {

        private record Child(SourceFile file, boolean taken, Future<Listing> below) {}

        private final ExecutorService threads;
        private final Path relative;
        private final Path target;
        private final List<Child> children = new ArrayList<>();

        Listing(ExecutorService threads, Path relative, Path target) {
            this.threads = threads;
            this.relative = relative;
            this.target = target;
        }

        Listing read(Path directory) throws IOException {
            for (Path child : FileTrees.list(directory)) {
                Path name = child.getFileName();
                Path seen = relative.resolve(name);
                Path below = target.resolve(name);
                Verdict verdict = filter.of(seen, below);
                if (verdict == Verdict.LEFT) {
                    continue;
                }
                Optional<FileStatus> status = Inodes.find(child);
                boolean taken = verdict == Verdict.TAKEN;
                if (status.isEmpty() || (!taken && !status.get().isDirectory())) {
                    continue;
                }
                SourceFile file = new SourceFile(child, below, status.get());
                Future<Listing> listing = null;
                if (status.get().isDirectory()) {
                    Listing inner = new Listing(threads, seen, below);
                    listing = threads.submit(() -> inner.read(child));
                }
                children.add(new Child(file, taken, listing));
            }
            return this;
        }

        /** A directory that is not taken for itself counts only when something in it does. */
        void into(List<SourceFile> found) {
            for (Child child : children) {
                int before = found.size();
                found.add(child.file());
                if (child.below() != null) {
                    join(child.below()).into(found);
                    if (!child.taken() && found.size() == before + 1) {
                        found.removeLast();
                    }
                }
            }
        }

        private static Listing join(Future<Listing> below) {
            try {
                return below.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException("interrupted"));
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof IOException io
                        ? new UncheckedIOException(io)
                        : new IllegalStateException(failure.getCause());
            }
        }
    }
}

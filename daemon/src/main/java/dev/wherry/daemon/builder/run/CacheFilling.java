package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.builder.copy.FileCopier;
import dev.wherry.daemon.builder.copy.Owner;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Solved;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a new cache begins with: an owner and a mode, and the files of a directory of a stage or image. */
final class CacheFilling {

    private final BindSources sources;
    private final RunMount.Cache cache;
    private final Optional<Solved> from;
    private final Step step;

    CacheFilling(BindSources sources, RunMount.Cache cache, Optional<Solved> from, Step step) {
        this.sources = sources;
        this.cache = cache;
        this.from = from;
        this.step = step;
    }

    void fill(Path empty) throws IOException {
        if (from.isPresent()) {
            try (BindSources.Tree tree = sources.tree(cache.source(), from.get(), step)) {
                copy(tree.selection(), empty);
            }
        }
        Inodes.lchown(empty, cache.owner().uid(), cache.owner().gid());
        Inodes.chmod(empty, cache.owner().mode());
    }

    private static void copy(Selection.Source source, Path directory) throws IOException {
        for (SourceFile file : source.contents()) {
            Path target = directory.resolve(file.target());
            FileStatus status = file.status();
            FileCopier copier = new FileCopier(Optional.of(new Owner(status.uid(), status.gid())), Optional.empty());
            if (status.isDirectory()) {
                Files.createDirectory(target);
                copier.finishDirectory(file, target);
            } else {
                copier.copy(file, target);
            }
        }
    }
}

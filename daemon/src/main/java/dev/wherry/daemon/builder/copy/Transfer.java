package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.context.HardLinks;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceFile;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.runtime.spec.ContainerUser;
import dev.wherry.daemon.snapshot.layer.ParallelCopy;
import dev.wherry.daemon.snapshot.unpack.UnpackLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Copies selected files into a mounted file system, by the rules of COPY (Dockerfile reference, "COPY"): a destination
 * that ends in a slash, or is a directory, takes the files into itself; of a source directory the contents are copied;
 * what is there is replaced, directories are merged.
 */
final class Transfer {

    private static final Owner ROOT = new Owner(0, 0);
    private static final int PERMISSIONS = 0777;

    private final CopySpec copy;
    private final Path rootfs;
    private final Step step;
    private final OptionalLong modified;
    private final Optional<LayerFiles> layerFiles;
    /** What is done when the file system is mounted no more. */
    private Finish finish = _ -> {};

    @FunctionalInterface
    private interface Finish {
        void in(Path layer) throws IOException;
    }

    Transfer(CopySpec copy, Step step, Path rootfs) {
        this(copy, step, rootfs, OptionalLong.empty(), Optional.empty());
    }

    /**
     * @param modified the time that copies get instead of that of their source, in seconds since 1970
     * @param layerFiles takes regular files of a new directory; {@link #finish} must be called then
     */
    Transfer(CopySpec copy, Step step, Path rootfs, OptionalLong modified, Optional<LayerFiles> layerFiles) {
        this.copy = copy;
        this.rootfs = rootfs;
        this.step = step;
        this.modified = modified;
        this.layerFiles = layerFiles;
    }

    /**
     * Writes the files that go into the folder of the layer itself.
     *
     * @param layer the folder that was written to through the mount, which is gone
     */
    void finish(Path layer) {
        try {
            finish.in(layer);
        } catch (IOException failure) {
            throw Destination.failed(step, failure);
        }
    }

    /** @throws RuntimeException as {@link Step#refused} makes it, when a file is in the way of a directory, or the other way round */
    void copy(Selection selection) {
        try {
            Optional<Owner> asked = copy.rules().owner().map(this::owner);
            Owner owner = asked.orElse(ROOT);
            FileCopier copier = new FileCopier(
                    selection.owned() ? asked : Optional.of(owner), copy.rules().mode(), modified);
            for (Selection.Source source : selection.sources()) {
                if (copy.rules().unpack() && isArchive(source.top())) {
                    unpack(source.top(), asked, owner);
                } else if (source.isDirectory()) {
                    copyContents(source, makeDirectory(copy.destination(), owner), copier);
                } else {
                    copyFile(source.top(), owner, copier);
                }
            }
            for (InlineFile document : copy.documents()) {
                Path target = target(Path.of(document.name()), owner);
                clear(target, true);
                copier.write(document, target, owner);
            }
        } catch (IOException failure) {
            throw Destination.failed(step, failure);
        }
    }

    /** Whom an instruction means by the owner it names. */
    private Owner owner(String text) {
        return owner(rootfs, text, step);
    }

    /** A name alone brings its group along. */
    static Owner owner(Path rootfs, String text, Step step) {
        try {
            return Owner.ofNumbers(text).orElseGet(() -> {
                ContainerUser user = ContainerUser.resolve(rootfs, text);
                return new Owner(user.uid(), user.gid());
            });
        } catch (StartException unknown) {
            throw step.refused(text, unknown.getMessage());
        }
    }

    private void copyFile(SourceFile file, Owner owner, FileCopier copier) throws IOException {
        place(file, target(file.target(), owner), true, copier);
    }

    /** Where a single file goes, in a directory that is made if it is missing. */
    private Path target(Path name, Owner owner) throws IOException {
        Path exact = Destination.resolve(rootfs, copy.destination(), step);
        boolean into = copy.destination().endsWith("/")
                || Inodes.find(exact).map(FileStatus::isDirectory).orElse(false);
        if (into) {
            return makeDirectory(copy.destination(), owner).resolve(name);
        }
        // Not that of the destination's name: it may be a link to something that is missing.
        makeDirectory("/" + rootfs.relativize(exact.getParent()), owner);
        return exact;
    }

    /** The directory at a path; directories that are missing get the permissions that a number in --chmod asks for. */
    private Path makeDirectory(String path, Owner owner) {
        int mode = copy.rules()
                .mode()
                .map(change -> change.number().orElse(Destination.DIRECTORY_MODE))
                .orElse(Destination.DIRECTORY_MODE);
        return Destination.makeDirectory(rootfs, path, owner, mode & PERMISSIONS, step);
    }

    private void copyContents(Selection.Source source, Path destination, FileCopier copier) throws IOException {
        boolean fresh = isEmpty(destination);
        List<SourceFile> directories = new ArrayList<>();
        HardLinks links = new HardLinks();
        Map<Path, Path> linked = new LinkedHashMap<>();
        ParallelCopy copies = new ParallelCopy();
        for (SourceFile file : source.contents()) {
            Path target = destination.resolve(file.target());
            if (file.status().isDirectory()) {
                // Directories come before what is in them; their times are set when all is in.
                makeDirectory(target, fresh);
                directories.add(file);
                continue;
            }
            if (fresh && layerFiles.isPresent() && LayerFiles.takes(file)) {
                layerFiles.get().add(file, rootfs.relativize(target));
                continue;
            }
            Optional<SourceFile> same = links.earlier(file);
            if (same.isPresent()) {
                linked.put(target, destination.resolve(same.get().target()));
            } else {
                copies.add(() -> place(file, target, !fresh, copier));
            }
        }
        copies.join();
        for (Map.Entry<Path, Path> link : linked.entrySet()) {
            clear(link.getKey(), !fresh);
            Files.createLink(link.getKey(), link.getValue());
        }
        if (layerFiles.isPresent() && !layerFiles.get().isEmpty()) {
            // The layer must have the directory itself, which may be only below it so far.
            Inodes.chmod(destination, Inodes.status(destination).permissions());
            Path relative = rootfs.relativize(destination);
            finish = layer -> {
                layerFiles.get().place(layer, copier);
                finishDirectories(directories, layer.resolve(relative), copier);
                copier.dateTop(source.top(), layer.resolve(relative));
            };
        } else {
            finishDirectories(directories, destination, copier);
            copier.dateTop(source.top(), destination);
        }
    }

    private static void finishDirectories(List<SourceFile> directories, Path destination, FileCopier copier)
            throws IOException {
        for (SourceFile directory : directories.reversed()) {
            copier.finishDirectory(directory, destination.resolve(directory.target()));
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var children = Files.newDirectoryStream(directory)) {
            return !children.iterator().hasNext();
        }
    }

    private void makeDirectory(Path target, boolean fresh) throws IOException {
        Optional<FileStatus> there = fresh ? Optional.empty() : Inodes.find(target);
        if (there.isEmpty()) {
            Files.createDirectory(target);
        } else if (!there.get().isDirectory()) {
            throw inTheWay(target, "a directory cannot replace a file");
        }
    }

    private void place(SourceFile file, Path target, boolean mayExist, FileCopier copier) throws IOException {
        clear(target, mayExist);
        copier.copy(file, target);
    }

    /** Makes way for a file. */
    private void clear(Path target, boolean mayExist) throws IOException {
        if (mayExist) {
            Optional<FileStatus> there = Inodes.find(target);
            if (there.isPresent() && there.get().isDirectory()) {
                throw inTheWay(target, "a file cannot replace a directory");
            }
            Files.deleteIfExists(target);
        }
    }

    private RuntimeException inTheWay(Path target, String why) {
        return step.refused("/" + rootfs.relativize(target) + ": " + why);
    }

    private static boolean isArchive(SourceFile file) throws IOException {
        return file.status().isRegular() && ArchiveUnpacker.isArchive(file.path());
    }

    private void unpack(SourceFile archive, Optional<Owner> asked, Owner owner) throws IOException {
        Path directory = Destination.makeDirectory(rootfs, copy.destination(), owner, step);
        try {
            ArchiveUnpacker.unpack(archive.path(), directory, asked, UnpackLimits.DEFAULT);
        } catch (InvalidInputException | CorruptContentException wrong) {
            throw step.refused(wrong.getMessage());
        } catch (ExhaustedException tooMuch) {
            throw new ExhaustedException(step.source() + ": " + tooMuch.getMessage(), tooMuch);
        }
        FileCopier.verifyUnchanged(archive);
    }
}

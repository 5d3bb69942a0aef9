package dev.wherry.daemon.build;

import dev.wherry.daemon.build.context.HardLinks;
import dev.wherry.daemon.build.context.Selection;
import dev.wherry.daemon.build.context.SourceFile;
import dev.wherry.daemon.build.dockerfile.DockerfileException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.runtime.User;
import dev.wherry.daemon.snapshot.UnpackLimits;
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

    private final Vertex.Copy copy;
    private final Path rootfs;
    private final Step step;
    private final OptionalLong modified;

    Transfer(Vertex.Copy copy, Path rootfs) {
        this(copy, rootfs, OptionalLong.empty());
    }

    /** @param modified the time that copies get instead of that of their source, in seconds since 1970 */
    Transfer(Vertex.Copy copy, Path rootfs, OptionalLong modified) {
        this.copy = copy;
        this.rootfs = rootfs;
        this.step = copy.step();
        this.modified = modified;
    }

    /** @throws DockerfileException when a file is in the way of a directory, or the other way round */
    void copy(Selection selection) {
        try {
            Optional<Owner> asked = copy.rules().owner().map(this::owner);
            Owner owner = asked.orElse(ROOT);
            FileCopier copier = new FileCopier(
                    selection.owned() ? asked : Optional.of(owner), copy.rules().mode(), modified);
            boolean several = selection.sources().size() > 1;
            for (Selection.Source source : selection.sources()) {
                if (copy.rules().unpack() && isArchive(source.top())) {
                    unpack(source.top(), asked, owner);
                } else if (source.isDirectory()) {
                    Path directory = Destination.makeDirectory(rootfs, copy.destination(), owner, step);
                    copyContents(source.contents(), directory, copier);
                } else {
                    copyFile(source.top(), several, owner, copier);
                }
            }
        } catch (IOException failure) {
            throw Destination.failed(step, failure);
        }
    }

    /** A number alone is user and group; a name alone brings its group along. */
    private Owner owner(String text) {
        if (text.matches("[0-9]{1,9}")) {
            return new Owner(Integer.parseInt(text), Integer.parseInt(text));
        }
        try {
            User user = User.resolve(rootfs, text);
            return new Owner(user.uid(), user.gid());
        } catch (StartException unknown) {
            throw new DockerfileException(step.position(), text, step.source() + ": " + unknown.getMessage());
        }
    }

    private void copyFile(SourceFile file, boolean several, Owner owner, FileCopier copier) throws IOException {
        Path exact = Destination.resolve(rootfs, copy.destination(), step);
        boolean into = several
                || copy.destination().endsWith("/")
                || Inodes.find(exact).map(FileStatus::isDirectory).orElse(false);
        if (into) {
            Path directory = Destination.makeDirectory(rootfs, copy.destination(), owner, step);
            place(file, directory.resolve(file.target()), true, copier);
        } else {
            String parent = Paths.absolute(copy.destination(), "..");
            Destination.makeDirectory(rootfs, parent, owner, step);
            place(file, exact, true, copier);
        }
    }

    private void copyContents(List<SourceFile> files, Path destination, FileCopier copier) throws IOException {
        boolean fresh = isEmpty(destination);
        List<SourceFile> directories = new ArrayList<>();
        HardLinks links = new HardLinks();
        Map<Path, Path> linked = new LinkedHashMap<>();
        ParallelCopy copies = new ParallelCopy();
        for (SourceFile file : files) {
            Path target = destination.resolve(file.target());
            if (file.status().isDirectory()) {
                // Directories come before what is in them; their times are set when all is in.
                makeDirectory(target, fresh);
                directories.add(file);
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

    private DockerfileException inTheWay(Path target, String why) {
        return new DockerfileException(
                step.position(), step.source(), step.source() + ": /" + rootfs.relativize(target) + ": " + why);
    }

    private static boolean isArchive(SourceFile file) throws IOException {
        return file.status().isRegular() && Archives.isArchive(file.path());
    }

    private void unpack(SourceFile archive, Optional<Owner> asked, Owner owner) throws IOException {
        Path directory = Destination.makeDirectory(rootfs, copy.destination(), owner, step);
        try {
            Archives.unpack(archive.path(), directory, asked, UnpackLimits.DEFAULT);
        } catch (InvalidInputException | CorruptContentException wrong) {
            throw new DockerfileException(step.position(), step.source(), step.source() + ": " + wrong.getMessage());
        } catch (ExhaustedException tooMuch) {
            throw new ExhaustedException(step.source() + ": " + tooMuch.getMessage(), tooMuch);
        }
        FileCopier.verifyUnchanged(archive);
    }
}

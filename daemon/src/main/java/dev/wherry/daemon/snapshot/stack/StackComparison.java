package dev.wherry.daemon.snapshot.stack;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.layer.KeptXattrs;
import dev.wherry.daemon.snapshot.layer.LayerStack;
import dev.wherry.daemon.snapshot.layer.OpaqueMark;
import dev.wherry.daemon.snapshot.layer.StackedFile;
import dev.wherry.daemon.snapshot.layer.StackedFile.Part;
import dev.wherry.daemon.snapshot.stack.StackChange.Aspect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * Finds where two stacks show different files. A folder is filled by parts, one a layer. What both stacks have at the
 * bottom of a folder's parts is the same on both sides, so only names that occur above it are looked at: layers that both
 * stacks begin with are never listed, unless a layer above them hides a folder of theirs as a whole.
 */
public final class StackComparison {

    private final LayerStack first;
    private final LayerStack second;
    private final Consumer<StackChange> found;

    /**
     * @param first a layer that both stacks begin with must be the same folder in both
     * @param found receives the differences in the order of their paths, a folder before what is in it
     */
    public StackComparison(LayerStack first, LayerStack second, Consumer<StackChange> found) {
        this.first = first;
        this.second = second;
        this.found = found;
    }

    public void run() throws IOException {
        Optional<StackedFile> before = first.root();
        Optional<StackedFile> after = second.root();
        if (before.isPresent() && after.isPresent()) {
            pair(before.get(), after.get());
        } else {
            // A file system without layers has an empty root, which is nothing to report.
            for (StackedFile child : children(first, before)) {
                removed(child, 0);
            }
            for (StackedFile child : children(second, after)) {
                added(child);
            }
        }
    }

    private static List<StackedFile> children(LayerStack stack, Optional<StackedFile> folder) throws IOException {
        return folder.isEmpty() ? List.of() : stack.children(folder.get());
    }

    private void added(StackedFile file) throws IOException {
        found.accept(new StackChange(file.path(), Optional.empty(), Optional.of(file), file.layer(), Set.of()));
        for (StackedFile child : second.children(file)) {
            added(child);
        }
    }

    private void removed(StackedFile file, int layer) throws IOException {
        found.accept(new StackChange(file.path(), Optional.of(file), Optional.empty(), layer, Set.of()));
        for (StackedFile child : first.children(file)) {
            removed(child, layer);
        }
    }

    private void pair(StackedFile before, StackedFile after) throws IOException {
        if (before.file().equals(after.file()) && before.parts().equals(after.parts())) {
            return;
        }
        Set<Aspect> aspects = aspects(before, after);
        if (!aspects.isEmpty()) {
            found.accept(
                    new StackChange(after.path(), Optional.of(before), Optional.of(after), after.layer(), aspects));
        }
        if (before.isDirectory() && after.isDirectory()) {
            folders(before, after);
        } else {
            for (StackedFile child : first.children(before)) {
                removed(child, after.layer());
            }
            for (StackedFile child : second.children(after)) {
                added(child);
            }
        }
    }

    private void folders(StackedFile before, StackedFile after) throws IOException {
        int common = common(before.parts(), after.parts());
        SortedSet<Path> names = LayerStack.names(above(before.parts(), common));
        names.addAll(LayerStack.names(above(after.parts(), common)));
        for (Path name : names) {
            Optional<StackedFile> one = first.child(before, name);
            Optional<StackedFile> other = second.child(after, name);
            if (one.isPresent() && other.isPresent()) {
                pair(one.get(), other.get());
            } else if (one.isPresent()) {
                removed(one.get(), hiding(after, name));
            } else if (other.isPresent()) {
                added(other.get());
            }
        }
    }

    /** How many parts at the bottom are the same. */
    private static int common(List<Part> ones, List<Part> others) {
        int most = Math.min(ones.size(), others.size());
        int common = 0;
        while (common < most
                && ones.get(ones.size() - 1 - common)
                        .folder()
                        .equals(others.get(others.size() - 1 - common).folder())) {
            common++;
        }
        return common;
    }

    private static List<Part> above(List<Part> parts, int common) {
        return parts.subList(0, parts.size() - common);
    }

    /** The layer that hides a name which the folder does not show: by a whiteout, or by hiding the folder below. */
    private static int hiding(StackedFile folder, Path name) throws IOException {
        for (Part part : folder.parts()) {
            if (Inodes.find(part.folder().resolve(name)).isPresent()) {
                return part.layer();
            }
        }
        Part last = folder.parts().getLast();
        return last.layer() > 1 && OpaqueMark.is(last.folder()) ? last.layer() : 0;
    }

    private static Set<Aspect> aspects(StackedFile before, StackedFile after) throws IOException {
        Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        FileStatus one = before.status();
        FileStatus other = after.status();
        if (before.file().equals(after.file())) {
            return aspects;
        }
        if (one.type() != other.type()) {
            aspects.add(Aspect.TYPE);
        } else {
            inside(before, after, aspects);
        }
        if (one.permissions() != other.permissions() && !one.isSymlink() && !other.isSymlink()) {
            aspects.add(Aspect.MODE);
        }
        if (one.uid() != other.uid() || one.gid() != other.gid()) {
            aspects.add(Aspect.OWNER);
        }
        return aspects;
    }

    private static void inside(StackedFile before, StackedFile after, Set<Aspect> aspects) throws IOException {
        FileStatus one = before.status();
        FileStatus other = after.status();
        switch (one.type()) {
            case FileStatus.REGULAR -> {
                boolean sameInode = one.device() == other.device() && one.inode() == other.inode();
                if (!sameInode && (one.size() != other.size() || Files.mismatch(before.file(), after.file()) >= 0)) {
                    aspects.add(Aspect.CONTENT);
                }
            }
            case FileStatus.SYMLINK -> {
                if (!Arrays.equals(Inodes.readlink(before.file()), Inodes.readlink(after.file()))) {
                    aspects.add(Aspect.TARGET);
                }
            }
            case FileStatus.CHARACTER, FileStatus.BLOCK -> {
                if (one.rdev() != other.rdev()) {
                    aspects.add(Aspect.DEVICE);
                }
            }
            default -> {}
        }
        if ((one.isRegular() || one.isDirectory())
                && !same(KeptXattrs.read(before.file()), KeptXattrs.read(after.file()))) {
            aspects.add(Aspect.ATTRIBUTES);
        }
    }

    private static boolean same(SortedMap<String, byte[]> ones, SortedMap<String, byte[]> others) {
        return ones.keySet().equals(others.keySet())
                && ones.keySet().stream().allMatch(name -> Arrays.equals(ones.get(name), others.get(name)));
    }
}

package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Mounts;
import dev.wherry.daemon.linux.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory as a step may see it, as an overlay over the directory itself: files that are hidden are covered by
 * whiteouts, and what the step writes goes elsewhere and is thrown away. No file is copied.
 */
public final class ContextView implements AutoCloseable {

    private final Path folder;

    private ContextView(Path folder) {
        this.folder = folder;
    }

    /**
     * @param folder a new folder for what the view needs
     * @param directory what is shown
     * @param hidden what is not, seen from the directory
     * @param writable whether files can be written
     */
    public static ContextView of(Path folder, Path directory, List<Path> hidden, boolean writable) {
        ContextView view = new ContextView(folder);
        try {
            view.mount(directory, hidden, writable);
            return view;
        } catch (IOException failure) {
            view.close();
            throw StorageFailure.of("cannot show " + directory + " to a step", failure);
        } catch (Throwable failure) {
            view.close();
            throw failure;
        }
    }

    /** Where the files are. */
    public Path root() {
        return folder.resolve("merged");
    }

    private void mount(Path directory, List<Path> hidden, boolean writable) throws IOException {
        for (String name : List.of("lower", "hidden", "upper", "work", "merged")) {
            Files.createDirectories(folder.resolve(name));
        }
        // Under a name of our own the directory's name need not be escaped in the options.
        Mounts.bind(directory, folder.resolve("lower"), true);
        copyAttributes(directory, folder.resolve("hidden"));
        copyAttributes(directory, folder.resolve("upper"));
        for (Path path : hidden) {
            hide(directory, path);
        }
        String options = "lowerdir=hidden:lower,index=off,redirect_dir=off,metacopy=off";
        String upper = writable ? ",upperdir=upper,workdir=work,volatile" : "";
        Mounts.overlay(folder, options + upper, !writable, root());
    }

    /** The directories above a whiteout hide those of the context, so that they need the same attributes. */
    private void hide(Path directory, Path path) throws IOException {
        Path above = Path.of("");
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            above = above.resolve(path.getName(i));
            Path made = folder.resolve("hidden").resolve(above);
            if (Inodes.find(made).isEmpty()) {
                Files.createDirectory(made);
                copyAttributes(directory.resolve(above), made);
            }
        }
        Inodes.mknod(folder.resolve("hidden").resolve(path), FileStatus.CHARACTER, 0);
    }

    private static void copyAttributes(Path from, Path to) throws IOException {
        FileStatus status = Inodes.status(from);
        Inodes.lchown(to, status.uid(), status.gid());
        Inodes.chmod(to, status.permissions());
        Inodes.utimensat(to, status.modified(), status.modifiedNanos());
    }

    @Override
    public void close() {
        try {
            Mounts.unmount(root());
            Mounts.unmount(folder.resolve("lower"));
            FileTrees.remove(folder);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot remove " + folder, failure);
        }
    }
}

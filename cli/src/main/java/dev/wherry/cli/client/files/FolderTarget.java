package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.WantedEntries;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An output that is files, for a folder. They are added to what is there; files of the same name are replaced, folders
 * are not. Nothing outside of the folder is touched, whatever the daemon sends and whatever links lie in the folder: a
 * link is replaced, never followed. Files belong to who runs this process; they keep their modes and times. What is there
 * already, as {@link PresentFiles} finds, is not sent and not written again.
 */
public final class FolderTarget implements OutputTarget {
    private static final int PERMISSIONS = 07777;

    private final Path root;
    private final Consumer<String> warn;
    /** Folders that are known to be folders, without a link on the way. */
    private final Set<Path> known = new HashSet<>();
    /** Folders get their modes and times when all is in them. */
    private final List<Folder> folders = new ArrayList<>();

    private final PresentFiles present;

    private Path current;
    private OutputEntry entry;
    private SparseFile content;
    private int special;

    private record Folder(Path path, OutputEntry entry) {}

    private FolderTarget(Path root, Consumer<String> warn) {
        this.root = root;
        this.warn = warn;
        this.present = new PresentFiles(root);
    }

    /** @param warn told of what cannot be made here */
    public static FolderTarget of(Path folder, Consumer<String> warn) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new Failure("output directory " + folder + " is a file");
        }
        Files.createDirectories(folder);
        return new FolderTarget(folder.toRealPath(), warn);
    }

    /** Looks whether an entry is here already; all entries come in order, before any of them begins. */
    public void compare(OutputEntry next) throws IOException {
        present.compare(next);
    }

    /** Which of the compared entries are not here. */
    public WantedEntries wanted() {
        return present.wanted();
    }

    @Override
    public void begin(OutputEntry next) throws IOException {
        end();
        Path path = root.resolve(RawPath.relative(next.getPath()));
        if (next.getType() == OutputEntry.Type.TYPE_DIRECTORY) {
            directory(path);
            folders.add(new Folder(path, next));
            return;
        }
        directory(path.getParent());
        switch (next.getType()) {
            case TYPE_FILE -> {
                clear(path);
                content = SparseFile.create(path);
                current = path;
                entry = next;
            }
            case TYPE_SYMLINK -> {
                clear(path);
                Files.createSymbolicLink(path, RawPath.of(next.getLink()));
                date(path, next);
            }
            case TYPE_HARD_LINK -> {
                Path target = root.resolve(RawPath.relative(next.getLink()));
                if (!known.contains(target.getParent()) && !target.getParent().equals(root)) {
                    throw new IOException("wherryd sent a link to what it has not sent");
                }
                clear(path);
                Files.createLink(path, target);
            }
            case TYPE_SPECIAL -> special++;
            case TYPE_DIRECTORY, TYPE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IOException("wherryd sent a kind of file that wherry does not know: is wherry older?");
        }
    }

    /** Makes sure that there is a folder, on a way of folders from the root. */
    private void directory(Path path) throws IOException {
        if (path.equals(root) || !known.add(path)) {
            return;
        }
        directory(path.getParent());
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            clear(path);
            Files.createDirectory(path);
        }
    }

    private static void clear(Path path) throws IOException {
        try {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException inTheWay) {
            throw Failure.of(
                    "output: " + path
                            + " is a directory here and a file in the result: remove it, or choose another dest",
                    inTheWay);
        }
    }

    @Override
    public void write(ByteString data) throws IOException {
        if (content == null) {
            throw new IOException("wherryd sent content without a file");
        }
        content.write(data.asReadOnlyByteBuffer());
    }

    private void end() throws IOException {
        if (content == null) {
            return;
        }
        content.close();
        content = null;
        Files.setAttribute(current, "unix:mode", entry.getMode() & PERMISSIONS, LinkOption.NOFOLLOW_LINKS);
        date(current, entry);
    }

    static void date(Path path, OutputEntry entry) throws IOException {
        FileTime time = FileTime.from(entry.getModified(), TimeUnit.SECONDS);
        BasicFileAttributeView view =
                Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        view.setTimes(time, time, null);
    }

    @Override
    public void finish() throws IOException {
        end();
        present.finish();
        for (Folder folder : folders.reversed()) {
            Files.setAttribute(folder.path(), "unix:mode", folder.entry().getMode() & PERMISSIONS);
            date(folder.path(), folder.entry());
        }
        if (special > 0) {
            warn.accept("left out of " + root + ": " + special
                    + (special == 1 ? " device or pipe" : " devices and pipes") + ", which only type=tar can hold");
        }
    }

    @Override
    public void abandon() {
        try {
            if (content != null) {
                content.close();
                Files.deleteIfExists(current);
            }
        } catch (IOException told) {
            // What went wrong first is what the user has to know.
        }
    }
}

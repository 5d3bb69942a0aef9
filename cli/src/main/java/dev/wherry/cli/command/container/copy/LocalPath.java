package dev.wherry.cli.command.container.copy;

import dev.wherry.cli.command.container.copy.CopyPlan.Destination;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A local file or directory that is copied.
 *
 * @param path where it is, without links on the way
 * @param rename the name that it was asked for by, when that is another; else empty
 */
record LocalPath(CopyPath path, boolean isFolder, String rename) {
    private static final int MOST_LINKS = 10;

    /** @param follow whether a link at the end is followed, as it is before a slash */
    static LocalPath source(CopyPath asked, boolean follow) throws IOException {
        Path path = Path.of(asked.text());
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(path + ": no such file or directory");
        }
        boolean whole = follow || asked.assertsFolder();
        Path real = whole
                ? real(path)
                : real(path.getParent() == null ? path : path.getParent())
                        .resolve(path.getFileName() == null ? Path.of("") : path.getFileName());
        boolean folder = Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS);
        if (asked.assertsFolder() && !folder) {
            throw new Failure(asked.text() + ": not a directory");
        }
        CopyPath resolved = new CopyPath(real.toString()).endingAs(asked.text());
        return new LocalPath(resolved, folder, resolved.base().equals(asked.base()) ? "" : asked.base());
    }

    private static Path real(Path path) throws IOException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException dangling) {
            throw new Failure(path + ": no such file or directory");
        }
    }

    /** Where a copy goes to: what a link there leads to. */
    static Destination destination(CopyPath asked) throws IOException {
        CopyPath path = asked;
        for (int links = 0; Files.isSymbolicLink(Path.of(path.text())); links++) {
            if (links == MOST_LINKS) {
                throw new Failure(asked.text() + ": too many symbolic links");
            }
            path = path.linked(Files.readSymbolicLink(Path.of(path.text())).toString());
        }
        Path file = Path.of(path.text());
        if (Files.exists(file)) {
            boolean folder = Files.isDirectory(file);
            if (!folder && !Files.isRegularFile(file)) {
                throw new Failure(
                        "invalid output path: \"" + asked.text() + "\" must be a directory or a regular file");
            }
            if (!folder && path.assertsFolder()) {
                throw new Failure(asked.text() + ": not a directory");
            }
            return new Destination(path, true, folder);
        }
        String parent = path.folder();
        if (!Files.isDirectory(Path.of(parent))) {
            throw new Failure("invalid output path: directory \"" + parent + "\" does not exist");
        }
        return new Destination(path, false, false);
    }
}

package dev.wherry.daemon.snapshot.files;

import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A path in a container or volume as a user writes it. As docker has it, {@code .} and {@code ..} are taken out before any link is
 * followed, and a slash or dot at the end says that the thing is a folder.
 *
 * @param absolute from the root of the tree
 * @param folder whether it was said to be a folder, so that a link at its end is followed
 * @param name of what is copied: the last component as it was written
 */
public record TreePath(Path absolute, boolean folder, String name) {

    private static final Path ROOT = Path.of("/");

    public static TreePath parse(String text) {
        if (text.isEmpty()) {
            throw new InvalidInputException("a path in the container or volume is needed: give one after the colon");
        }
        try {
            Path absolute = ROOT.resolve(text).normalize();
            boolean root = absolute.equals(ROOT);
            // The root has no name that a slash after the dot could belong to.
            boolean dot =
                    text.equals(".") || text.endsWith("/.") || root && (text.endsWith("/./") || text.equals("./"));
            boolean folder = dot || text.endsWith("/") || root;
            String name = dot ? "." : root ? "/" : absolute.getFileName().toString();
            return new TreePath(absolute, folder, name);
        } catch (InvalidPathException failure) {
            throw new InvalidInputException("\"" + text + "\" is no path: " + failure.getReason());
        }
    }

    /** The folder that it is in. */
    public Path parent() {
        return absolute.equals(ROOT) ? ROOT : absolute.getParent();
    }
}

package dev.wherry.cli.command.container.copy;

import java.nio.file.Path;

/**
 * A path of {@code cp} as it was written, since its end has a meaning: a slash or a dot says that it is a folder, and
 * {@code /.} means the files in it.
 */
record CopyPath(String text) {

    /** The same place from the root on, ending as it was written. */
    static CopyPath local(String text) {
        String absolute = Path.of(text).toAbsolutePath().normalize().toString();
        return new CopyPath(absolute).endingAs(text);
    }

    /** The same path with the slash or dot at its end that another one has. */
    CopyPath endingAs(String other) {
        String ending = text;
        if (isDot(other) && !isDot(ending)) {
            ending += ending.endsWith("/") ? "." : "/.";
        } else if (other.endsWith("/") && !ending.endsWith("/")) {
            ending += "/";
        }
        return new CopyPath(ending);
    }

    private static boolean isDot(String path) {
        return path.equals(".") || path.endsWith("/.");
    }

    boolean isDot() {
        return isDot(text);
    }

    /** Whether it says that it is a folder. */
    boolean assertsFolder() {
        return isDot() || text.endsWith("/");
    }

    /** The last component: that of the folder itself when it ends in a slash, and "." when it means what is in it. */
    String base() {
        if (isDot()) {
            return ".";
        }
        String clean = clean();
        return clean.equals("/") ? "/" : clean.substring(clean.lastIndexOf('/') + 1);
    }

    /** What the last component is in. */
    String folder() {
        String clean = clean();
        if (isDot()) {
            return clean;
        }
        int slash = clean.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : clean.substring(0, slash);
    }

    private String clean() {
        Path path = Path.of(text).normalize();
        return path.toString().isEmpty() ? "." : path.toString();
    }

    /** What a link at this path leads to. */
    CopyPath linked(String target) {
        return new CopyPath(target.startsWith("/") ? target : folder() + "/" + target);
    }
}

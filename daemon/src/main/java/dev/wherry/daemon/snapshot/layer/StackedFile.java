package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import java.nio.file.Path;
import java.util.List;

/**
 * A file that a {@link LayerStack} shows.
 *
 * @param path from the root of the stack; empty for the root itself
 * @param file where the file is, in the layer that shows it
 * @param layer the layer's number; the bottom layer has number 1
 * @param parts for a folder, the folders that together fill it, uppermost first; else empty
 */
public record StackedFile(Path path, Path file, FileStatus status, int layer, List<Part> parts) {

    private static final Path ROOT = Path.of("/");

    /** What one layer adds to a folder. */
    public record Part(int layer, Path folder) {}

    public StackedFile {
        parts = List.copyOf(parts);
    }

    public boolean isDirectory() {
        return status.isDirectory();
    }

    /** The path in the file system of the image. */
    public Path absolute() {
        return ROOT.resolve(path);
    }
}

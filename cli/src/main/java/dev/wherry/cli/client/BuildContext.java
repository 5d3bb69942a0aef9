package dev.wherry.cli.client;

import dev.wherry.cli.view.Failure;
import dev.wherry.v1.LocalContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The directory whose files a build may copy.
 *
 * @param root its real path
 */
public record BuildContext(Path root) {
    private static final Path MOUNT_NAMESPACE = Path.of("/proc/self/ns/mnt");

    /**
     * The directory a user named.
     *
     * @throws Failure when it is not a local directory
     */
    public static BuildContext of(String named) {
        if (named.matches("(?i)(https?|git|ssh|ftp)://.*|git@.*|github\\.com/.*")) {
            throw new Failure("build context " + named + ": git repositories and URLs are not supported yet");
        }
        try {
            Path root = Path.of(named).toRealPath();
            if (Files.isRegularFile(root)) {
                throw new Failure(
                        "build context " + named + " is a file: give a directory (tar files are not supported yet)");
            }
            if (!Files.isDirectory(root)) {
                throw new Failure("build context " + named + " is not a directory");
            }
            return new BuildContext(root);
        } catch (NoSuchFileException | java.nio.file.InvalidPathException e) {
            throw Failure.of("build context " + named + " not found", e);
        } catch (IOException e) {
            throw Failure.of("build context " + named + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where the directory is, with the proof that the daemon sees the same one if it does. */
    public LocalContext location() {
        LocalContext.Builder location = LocalContext.newBuilder().setPath(root.toString());
        try {
            Map<String, Object> attributes = Files.readAttributes(root, "unix:dev,ino");
            location.setDevice((Long) attributes.get("dev")).setInode((Long) attributes.get("ino"));
            String namespace = Files.readSymbolicLink(MOUNT_NAMESPACE).toString();
            location.setMountNamespace(Long.parseUnsignedLong(namespace.replaceAll("[^0-9]", "")));
        } catch (IOException | NumberFormatException e) {
            // Without the proof the daemon asks for the files instead.
            location.clearMountNamespace();
        }
        return location.build();
    }
}

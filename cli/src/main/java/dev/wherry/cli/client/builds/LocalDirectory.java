package dev.wherry.cli.client.builds;

import dev.wherry.v1.LocalContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A directory that is a build context.
 *
 * @param root its real path
 */
public record LocalDirectory(Path root) {
    private static final Path MOUNT_NAMESPACE = Path.of("/proc/self/ns/mnt");

    /** The location of the directory, with what the daemon needs to verify that it sees the same one. */
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

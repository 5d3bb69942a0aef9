package dev.wherry.cli.client;

import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that only its owner can read, and that is replaced as a whole: keys, logins, the client's configuration. */
public final class PrivateFile {

    private PrivateFile() {}

    /**
     * Replaces a file, or what a link of that name leads to, and makes the folders that it needs.
     *
     * @throws Failure when it cannot be written; it is as before then
     */
    public static void replace(Path file, byte[] content) {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file;
            // Made with mode 0600.
            Path written = Files.createTempFile(target.getParent(), ".", ".tmp");
            try {
                Files.write(written, content);
                Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException failure) {
            throw Failure.of("cannot write " + file + ": " + CallFailures.sentence(failure), failure);
        }
    }
}

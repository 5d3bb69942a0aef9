package dev.wherry.daemon.api.server;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The PEM files of TLS.
 *
 * @param authorities who issues the certificates of clients
 * @param certificate the daemon's, with those that lead to its authority
 * @param key of that certificate
 * @param revocations certificates that are not valid any more
 * @param revocationsWanted whether it is a mistake that there is no file of revocations
 */
public record TlsFiles(Path authorities, Path certificate, Path key, Path revocations, boolean revocationsWanted) {

    /** Far more than a bundle of authorities needs. */
    private static final int MAX_BYTES = 16 << 20;

    static byte[] read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new InvalidInputException(file + " is larger than " + (MAX_BYTES >> 20) + " MiB");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw new InvalidInputException(
                    "there is no " + file + ", which TLS needs: run wherryd pki init, or name files of your own by"
                            + " --tls-ca, --tls-cert and --tls-key",
                    missing);
        } catch (IOException failure) {
            throw new HostException("cannot read " + file + ": " + failure.getMessage(), failure);
        }
    }

    /** The file of revocations, if it is there or should be. */
    Optional<Path> revocationsToRead() {
        return revocationsWanted || Files.exists(revocations) ? Optional.of(revocations) : Optional.empty();
    }

    /** Differs when a file was changed, replaced, made or removed, also where the names are symbolic links. */
    List<String> state() {
        return Stream.of(authorities, certificate, key, revocations)
                .map(TlsFiles::state)
                .toList();
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}

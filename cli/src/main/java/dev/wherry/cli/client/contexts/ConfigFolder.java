package dev.wherry.cli.client.contexts;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The folder of the client's configuration. Its files are replaced as a whole, and only their owner can read them. */
record ConfigFolder(Path path) {
    private static final String CURRENT = "currentContext";

    /** The name in the configuration; empty for the default context. A client without contexts pays for this one look. */
    Optional<String> currentContext() {
        return read().get(CURRENT) instanceof String name && !name.isEmpty() ? Optional.of(name) : Optional.empty();
    }

    /** @param name empty for the default context */
    void currentContext(Optional<String> name) {
        Map<String, Object> values = read();
        values.remove(CURRENT);
        name.ifPresent(given -> values.put(CURRENT, given));
        write(config(), (JsonValues.indented(values, "\t") + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Replaces a file below the folder. */
    void write(Path file, byte[] content) {
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
        } catch (IOException e) {
            throw Failure.of("cannot write " + file + ": " + CallFailures.sentence(e), e);
        }
    }

    private Path config() {
        return path.resolve("config.json");
    }

    private Map<String, Object> read() {
        Map<String, Object> values = new LinkedHashMap<>();
        try {
            String text = Files.readString(config());
            if (!text.isBlank() && JsonValues.parse(text) instanceof Map<?, ?> map) {
                map.forEach((key, value) -> values.put(String.valueOf(key), value));
            }
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return values;
        } catch (IOException e) {
            throw Failure.of("cannot read the configuration: " + CallFailures.sentence(e), e);
        } catch (IllegalArgumentException malformed) {
            throw Failure.of("the configuration " + config() + " is malformed", malformed);
        }
        return values;
    }
}

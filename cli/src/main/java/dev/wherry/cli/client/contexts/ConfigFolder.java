package dev.wherry.cli.client.contexts;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.PrivateFile;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
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
        PrivateFile.replace(
                config(), (JsonValues.indented(values, "\t") + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
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

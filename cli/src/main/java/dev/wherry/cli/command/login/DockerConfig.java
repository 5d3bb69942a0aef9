package dev.wherry.cli.command.login;

import dev.wherry.cli.client.PrivateFile;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Docker's configuration file, as far as logins are in it. Everything else in it is kept as it is. The file is replaced as
 * a whole, and only its owner can read it.
 */
final class DockerConfig {
    private final Path file;
    private final Map<String, Object> values;

    private DockerConfig(Path file, Map<String, Object> values) {
        this.file = file;
        this.values = values;
    }

    /** The file in the folder that {@code DOCKER_CONFIG} names, or in {@code ~/.docker}. */
    static Path path(Map<String, String> environment) {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return folder.isEmpty() ? Path.of(home, ".docker", "config.json") : Path.of(folder, "config.json");
    }

    /** @throws Failure when the file is there and cannot be read, or is malformed */
    static DockerConfig read(Map<String, String> environment) {
        Path file = path(environment);
        try {
            String text = Files.readString(file);
            if (text.isBlank()) {
                return new DockerConfig(file, new LinkedHashMap<>());
            }
            if (JsonValues.parse(text) instanceof Map<?, ?> map) {
                return new DockerConfig(file, copy(map));
            }
        } catch (NoSuchFileException | java.nio.file.NotDirectoryException absent) {
            return new DockerConfig(file, new LinkedHashMap<>());
        } catch (IOException failure) {
            throw Failure.of("cannot read " + file + ": " + failure.getMessage(), failure);
        } catch (IllegalArgumentException malformed) {
            throw Failure.of("cannot read " + file + ": it is malformed", malformed);
        }
        throw new Failure("cannot read " + file + ": it is malformed");
    }

    Path file() {
        return file;
    }

    /** The logins in the file itself, by docker's keys. */
    Map<String, Object> auths() {
        return map("auths");
    }

    /** The program that keeps the logins of a registry; empty for the file itself. */
    String program(RegistryHost host) {
        Object own = map("credHelpers").get(host.key());
        if (own == null) {
            own = map("credHelpers").get(host.name());
        }
        return own instanceof String name && !name.isEmpty() ? name : store();
    }

    /** Whether the file neither holds a login nor names a program that may. */
    boolean isWithoutLogins() {
        return auths().isEmpty() && map("credHelpers").isEmpty() && store().isEmpty();
    }

    /** The program that keeps all other logins; empty for none. */
    String store() {
        return values.get("credsStore") instanceof String name ? name : "";
    }

    /** Replaces the logins in the file. */
    void auths(Map<String, Object> auths) {
        values.put("auths", auths);
        PrivateFile.replace(file, JsonValues.indented(values, "\t").getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Object> map(String name) {
        return values.get(name) instanceof Map<?, ?> map ? copy(map) : new LinkedHashMap<>();
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}

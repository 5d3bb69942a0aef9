package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The OCI runtimes that containers may ask for, by a configured name or by path. A bundle names the runtime that its
 * container was made by, so that later calls for the container go to the same one.
 */
final class ConfiguredRuntimes {

    private static final String FILE = "runtime";

    private final Map<String, String> named;

    /** @param named absolute paths by name */
    ConfiguredRuntimes(Map<String, String> named) {
        this.named = named;
    }

    /** @throws InvalidInputException if no runtime has that name, or no program that path */
    Path find(String runtime) {
        String path = runtime.startsWith("/") ? runtime : path(runtime);
        return OciRuntime.find(path)
                .orElseThrow(() -> new InvalidInputException(
                        "runtime " + runtime + ": there is no such program on the daemon's host"
                                + (path.equals(runtime) ? "" : " at " + path)));
    }

    private String path(String name) {
        return Optional.ofNullable(named.get(name))
                .or(() -> OciRuntime.find(name).map(Path::toString))
                .orElseThrow(() -> new InvalidInputException("runtime " + name
                        + ": not known: name a program in the daemon's PATH, one of its setting \"runtimes\", or an"
                        + " absolute path"));
    }

    static void write(Path bundle, Path runtime) throws IOException {
        Files.writeString(bundle.resolve(FILE), runtime.toString());
    }

    /** Empty when the bundle names none. */
    static Optional<Path> of(Path bundle) {
        Path file = bundle.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(Files.readString(file)));
        } catch (IOException failure) {
            throw new HostException("cannot read " + file + ": " + failure.getMessage(), failure);
        }
    }
}

package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * OCI runtimes other than the daemon's own, by a configured name or by path. A bundle names the one that its container
 * was made by, so that whoever deals with the container later asks the same.
 */
public final class ConfiguredRuntimes {

    /** Name of the system property with the configured ones, as "NAME=PATH,…". */
    public static final String PROPERTY = "wherry.runtimes";

    private static final String FILE = "runtime";

    private ConfiguredRuntimes() {}

    /** @throws InvalidInputException when there is none of that name, or no program at that path */
    public static Path find(String runtime) {
        String path = runtime.startsWith("/") ? runtime : configured(runtime);
        return OciRuntime.find(path)
                .orElseThrow(() -> new InvalidInputException(
                        "--runtime " + runtime + ": there is no such program on the daemon's host"
                                + (path.equals(runtime) ? "" : " at " + path)));
    }

    private static String configured(String name) {
        List<String> pairs = Arrays.asList(System.getProperty(PROPERTY, "").split(","));
        return pairs.stream()
                .map(pair -> pair.split("=", 2))
                .filter(sides -> sides.length == 2 && sides[0].strip().equals(name))
                .map(sides -> sides[1].strip())
                .findFirst()
                .or(() -> OciRuntime.find(name).map(Path::toString))
                .orElseThrow(() -> new InvalidInputException("--runtime " + name
                        + ": not known: name a program in the daemon's PATH, one of its setting \"runtimes\", or an"
                        + " absolute path"));
    }

    public static void write(Path bundle, String runtime) throws IOException {
        if (!runtime.isEmpty()) {
            Files.writeString(bundle.resolve(FILE), find(runtime).toString());
        }
    }

    /** Empty for the daemon's own. */
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

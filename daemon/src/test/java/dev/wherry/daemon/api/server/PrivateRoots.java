package dev.wherry.daemon.api.server;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Gives the daemon under test roots and a socket of its own. */
public final class PrivateRoots implements QuarkusTestResourceLifecycleManager {

    private static Path folder;

    static Path socket() {
        return folder.resolve("s");
    }

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory(Path.of("/tmp"), "wherry-test-");
            Files.createDirectories(folder.resolve("root"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Map.of(
                "wherry.test.root", folder.resolve("root").toString(),
                "wherry.test.run-root", folder.resolve("run").toString(),
                "quarkus.http.domain-socket", socket().toString(),
                "quarkus.datasource.jdbc.url", "jdbc:sqlite:" + folder.resolve("root/wherry.db"));
    }

    @Override
    public void stop() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

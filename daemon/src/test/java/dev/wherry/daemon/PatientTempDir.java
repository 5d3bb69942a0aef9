package dev.wherry.daemon;

import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.linux.FileTrees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The temporary folders of tests, removed with patience: stores write and remove in the background, as in a checkpoint
 * of the database or the removal of snapshots, also after the last call of a test. JUnit itself tries once.
 */
public final class PatientTempDir implements TempDirFactory {

    /** Told for each folder that JUnit leaves to this class. */
    private static final Logger JUNIT = Logger.getLogger("org.junit.jupiter.engine.extension.TempDirectory");

    private Path folder;

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws Exception {
        JUNIT.setLevel(Level.WARNING);
        folder = Files.createTempDirectory("junit-");
        return folder;
    }

    @Override
    public void close() {
        await().atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(() -> {
                    FileTrees.remove(folder);
                    return true;
                });
    }
}

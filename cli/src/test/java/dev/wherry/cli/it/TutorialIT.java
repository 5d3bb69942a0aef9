package dev.wherry.cli.it;

import java.nio.file.Path;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tutorial that everyone starts with, on an image made of this machine's own packages. */
class TutorialIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private static final Path EXAMPLE = Path.of(System.getProperty("wherry.example", "src/main/example"));

    @Test
    @Disabled("needs build and run")
    void editedFileIsServedAfterARebuildOnly() {
        daemon.wherry("build", "-t", "app", EXAMPLE.toString()).ok();
    }
}

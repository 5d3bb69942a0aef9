package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images that come from files of the client. */
class LoadIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @Test
    void layoutInAFolderIsLoadedAndLookedAt() throws Exception {
        Path layout = daemon.home().resolve("layout");
        Layout.write(layout, Busybox.tar(daemon.home()), "laid/out:1");
        assertThat(daemon.wherry("load", "-i", layout.toString()).ok().stdout())
                .isEqualTo("Loaded image: laid/out:1\n");
        assertThat(daemon.wherry("rmi", "--no-prune", "laid/out:1").ok().stdout())
                .startsWith("Untagged: laid/out:1\nDeleted: sha256:");

        Path tagged = daemon.home().resolve("tagged");
        Layout.write(tagged, Busybox.tar(daemon.home()), "1.0");
        Outcome unnamed = daemon.wherry("load", "-i", tagged.toString()).ok();
        String id = unnamed.line().replaceFirst("Loaded image ID: sha256:", "");
        assertThat(unnamed.stderr())
                .isEqualTo("The archive calls it \"1.0\" and names no repository: 'wherry tag " + id.substring(0, 12)
                        + " NAME' gives it a name\n");
        daemon.wherry("rmi", id).ok();

        Path empty = Files.createDirectory(daemon.home().resolve("empty"));
        assertThat(daemon.wherry("load", "-i", empty.toString()).exits(1).stderr())
                .contains("this is no archive of images");
        assertThat(daemon.wherry("load", "-i", daemon.home().resolve("absent").toString())
                        .exits(1)
                        .stderr())
                .contains("absent not found");
    }

    @Test
    void historyShowsNumbersOrWhatPeopleRead() throws Exception {
        Busybox.importInto(daemon);
        assertThat(history("--human=false")).matches("[0-9]+ [0-9]{4}-[0-9-]{5}T[0-9:]{8}(Z|[+-][0-9:]{5})");
        assertThat(history("-H")).matches("[0-9.]+[kM]B .* ago");
        assertThat(daemon.wherry("history", "-H=false", "busybox").ok().stdout())
                .startsWith("IMAGE ")
                .contains("CREATED AT");
    }

    private static String history(String flag) {
        return daemon.wherry("history", flag, "--format", "{{.Size}} {{.CreatedSince}}", "busybox")
                .ok()
                .line();
    }
}

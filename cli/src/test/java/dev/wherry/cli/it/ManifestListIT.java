package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Manifest lists from their first manifest to the pull. */
class ManifestListIT {

    @RegisterExtension
    @Order(1)
    static final Registry registry = new Registry();

    @RegisterExtension
    @Order(2)
    static final Daemon daemon = new Daemon();

    @Test
    void listOutlivesTheDaemonAndBringsEachHostItsImage() throws Exception {
        Path tar = Busybox.tar(daemon.home());
        String list = registry.host() + "/app:1";
        String own = registry.host() + "/parts/own:1";
        String other = registry.host() + "/parts/other:1";
        String ownDigest = registry.push("parts/own", "1", tar, "{\"Cmd\": [\"sh\"]}");
        String otherDigest = registry.push("parts/other", "1", tar, "{\"Cmd\": [\"ls\"]}");

        assertThat(daemon.wherry("manifest", "create", list, own, other).ok().stdout())
                .isEqualTo("Created manifest list " + list + "\n");
        assertThat(daemon.wherry("manifest", "create", list, own).stderr())
                .contains("refusing to amend an existing manifest list with no --amend flag");
        daemon.wherry(
                        "manifest",
                        "annotate",
                        list,
                        other,
                        "--arch",
                        "s390x",
                        "--os-version",
                        "1.2",
                        "--os-features",
                        "a,b")
                .ok();
        daemon.kill();
        daemon.start();
        assertThat(daemon.wherry("manifest", "inspect", list).ok().stdout())
                .contains(ownDigest, otherDigest, "\"architecture\": \"s390x\"", "\"os.version\": \"1.2\"");
        assertThat(daemon.wherry("manifest", "inspect", list, other).ok().stdout())
                .isEqualTo(daemon.wherry("manifest", "inspect", other).ok().stdout());
        assertThat(daemon.wherry("manifest", "inspect", "-v", list).ok().stdout())
                .contains("\"Ref\": \"" + registry.host() + "/parts/other@" + otherDigest + "\"", "OCIManifest");

        String pushed = daemon.wherry("manifest", "push", "--purge", list).ok().stdout();
        assertThat(pushed)
                .matches("(?s)Pushed ref " + registry.host() + "/app@" + ownDigest + " with digest: " + ownDigest
                        + "\nPushed ref [^\n]* with digest: " + otherDigest + "\nsha256:[0-9a-f]{64}\n");
        assertThat(daemon.wherry("manifest", "rm", list).stderr()).contains("No such manifest: " + list);
        daemon.wherry("pull", list).ok();
        assertThat(daemon.wherry("image", "inspect", "-f", "{{.Config.Cmd}}", list)
                        .ok()
                        .line())
                .contains("sh");
    }
}

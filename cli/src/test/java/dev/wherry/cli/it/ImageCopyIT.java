package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images on their way from one registry to another, past the store. */
class ImageCopyIT {

    @RegisterExtension
    @Order(1)
    static final Registry registry = new Registry();

    /** Knows ann by her password "sesame" only. */
    @RegisterExtension
    @Order(2)
    static final Registry closed =
            new Registry().knowing("ann:$2b$04$gjq0PBZQgZTwPYyRs0BFzOIM5Is86pd2GBMrS2CTBJ.IQu2k3y2Re");

    @RegisterExtension
    @Order(3)
    static final Daemon daemon = new Daemon();

    @Test
    void indexGoesToAnotherRegistryWithTheLoginOfItsClient() throws Exception {
        Path tar = Busybox.tar(daemon.home());
        String amd64 = registry.push("app", "amd64", tar, "{\"Cmd\": [\"sh\"]}");
        String arm64 = registry.push("app", "arm64", tar, "{\"Cmd\": [\"ls\"]}");
        String index = registry.pushIndex("app", "1", Map.of("amd64", amd64, "arm64", arm64));
        String source = registry.host() + "/app:1";
        String target = closed.host() + "/team/app:1";
        assertThat(daemon.wherry("image", "copy", source, target).stderr()).contains("denied");
        daemon.wherry("login", "-u", "ann", "-p", "sesame", closed.host()).ok();

        var first = daemon.wherry("image", "copy", source, target).ok();
        assertThat(first.stdout()).matches("1: digest: " + index + " size: [0-9]+\n");
        assertThat(first.stderr()).contains("Copying " + source + " to " + target, ": Pushed");
        assertThat(daemon.wherry("image", "copy", "-q", source, target).ok().stdout())
                .isEqualTo(target + "\n");
        assertThat(daemon.wherry("manifest", "inspect", target).ok().stdout())
                .isEqualTo(daemon.wherry("manifest", "inspect", source).ok().stdout());
        assertThat(daemon.wherry("image", "copy", target, closed.host() + "/mirror")
                        .ok()
                        .stderr())
                .contains("Mounted from team/app");

        String one = closed.host() + "/one:arm";
        assertThat(daemon.wherry("image", "copy", "--platform", "linux/arm64", source, one)
                        .ok()
                        .stdout())
                .startsWith("arm: digest: " + arm64);
        assertThat(daemon.wherry("images", "-q").ok().stdout()).isEmpty();
    }

    @Test
    void signaturesAreListedAndPushed() throws Exception {
        Path tar = Busybox.tar(daemon.home());
        String image = registry.push("signed", "1", tar, "{\"Cmd\": [\"sh\"]}");
        String tag = image.replace(':', '-') + ".sig";
        String signature = registry.push("signed", tag, tar, "{\"Cmd\": [\"sign\"]}");
        String source = registry.host() + "/signed:1";
        daemon.wherry("pull", "-q", source).ok();
        String format = "{{range .Referrers}}{{.Repository}} {{.Tag}} {{.Subject}} {{.Descriptor.digest}}{{end}}";
        assertThat(daemon.wherry("image", "inspect", "--referrers", "--format", format, source)
                        .ok()
                        .line())
                .isEqualTo(String.join(" ", registry.host() + "/signed", tag, image, signature));

        daemon.wherry("login", "-u", "ann", "-p", "sesame", closed.host()).ok();
        String target = closed.host() + "/signed:2";
        daemon.wherry("tag", source, target).ok();
        daemon.wherry("push", "-q", "--referrers", target).ok();
        assertThat(daemon.wherry("manifest", "inspect", closed.host() + "/signed:" + tag)
                        .ok()
                        .stdout())
                .isEqualTo(daemon.wherry("manifest", "inspect", registry.host() + "/signed:" + tag)
                        .ok()
                        .stdout());
        daemon.wherry("rmi", source, target).ok();
        daemon.wherry("logout", closed.host()).ok();
    }
}

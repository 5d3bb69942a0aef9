package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images on their way to registries, and the logins that these want. */
class PushIT {

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

    @BeforeAll
    static void image() throws Exception {
        daemon.wherry("import", Busybox.tar(daemon.home()).toString(), "made:1").ok();
    }

    @Test
    void pushedImageComesBack() throws Exception {
        String name = registry.host() + "/team/made:1";
        daemon.wherry("tag", "made:1", name).ok();
        var first = daemon.wherry("push", name).ok();
        assertThat(first.stdout()).matches("1: digest: sha256:[0-9a-f]{64} size: [0-9]+\n");
        assertThat(first.stderr()).contains(": Pushed");
        assertThat(daemon.wherry("push", name).ok().stderr()).contains(": Layer already exists");
        assertThat(daemon.wherry("push", "-q", name).ok().stdout()).isEqualTo(name + "\n");
        String id = daemon.wherry("images", "-q", "--no-trunc", name).ok().line();
        daemon.wherry("rmi", name).ok();
        daemon.wherry("pull", name).ok();
        assertThat(daemon.wherry("images", "-q", "--no-trunc", name).ok().line())
                .isEqualTo(id);
        assertThat(daemon.wherry("manifest", "inspect", name).ok().stdout()).contains("layer.v1.tar+gzip");
    }

    @Test
    void allTagsGoAndCome() throws Exception {
        String repository = registry.host() + "/many";
        daemon.wherry("tag", "made:1", repository + ":a").ok();
        daemon.wherry("tag", "made:1", repository + ":b").ok();
        assertThat(daemon.wherry("push", "-a", repository).ok().stdout()).contains("a: digest:", "b: digest:");
        daemon.wherry("rmi", repository + ":a", repository + ":b").ok();
        daemon.wherry("pull", "-a", repository).ok();
        assertThat(daemon.wherry("images", "--format", "{{.Tag}}", repository)
                        .ok()
                        .stdout()
                        .lines())
                .containsExactlyInAnyOrder("a", "b");
        assertThat(daemon.wherry("push", "-a", repository + ":a").stderr())
                .contains("tag can't be used with --all-tags/-a");
    }

    @Test
    void closedRegistryOpensByALogin() throws Exception {
        String name = closed.host() + "/mine:1";
        daemon.wherry("tag", "made:1", name).ok();
        assertThat(daemon.wherry("push", name).stderr()).contains("denied");
        var wrong = daemon.wherry("login", "-u", "ann", "-p", "wrong", closed.host());
        wrong.exits(1);
        assertThat(wrong.stderr()).contains("incorrect user name or password").doesNotContain("sesame");
        var right = daemon.wherry("login", "-u", "ann", "-p", "sesame", closed.host())
                .ok();
        assertThat(right.stdout()).isEqualTo("Login Succeeded\n");
        daemon.wherry("push", name).ok();
        daemon.wherry("pull", name).ok();
        assertThat(daemon.wherry("logout", closed.host()).ok().stdout())
                .isEqualTo("Removing login credentials for " + closed.host() + "\n");
        assertThat(daemon.wherry("pull", name).stderr()).contains("denied");
    }
}

package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builds whose base image and caches are in a registry that wants a login. */
class BuildLoginIT {

    /** Knows ann by her password "sesame" only. */
    @RegisterExtension
    @Order(1)
    static final Registry closed =
            new Registry().knowing("ann:$2b$04$gjq0PBZQgZTwPYyRs0BFzOIM5Is86pd2GBMrS2CTBJ.IQu2k3y2Re");

    @RegisterExtension
    @Order(2)
    static final Daemon daemon = new Daemon();

    @Test
    void baseImageAndCacheComeByTheLoginOfTheClient() throws Exception {
        String base = closed.host() + "/base:1";
        String cache = "type=registry,ref=" + closed.host() + "/cache:1";
        daemon.wherry("import", Busybox.tar(daemon.home()).toString(), base).ok();
        daemon.wherry("login", "-u", "ann", "-p", "sesame", closed.host()).ok();
        daemon.wherry("push", base).ok();
        daemon.wherry("rmi", base).ok();

        Project project = Project.of(daemon, "FROM " + base + "\nCOPY a /a\nRUN cat /a > /b\n")
                .file("a", "one");
        project.build("--cache-to", cache + ",mode=max").ok();
        daemon.wherry("rmi", base).ok();
        daemon.wherry("builder", "prune", "-af").ok();
        assertThat(project.build("--cache-from", cache).ok().stderr()).contains("CACHED");

        daemon.wherry("logout", closed.host()).ok();
        daemon.wherry("rmi", "-f", base).ok();
        assertThat(project.build().stderr()).contains("denied");
        assertThat(Project.of(daemon, "FROM scratch\nCOPY a /a\n")
                        .file("a", "one")
                        .build("--cache-to", cache)
                        .stderr())
                .contains("denied");
    }
}

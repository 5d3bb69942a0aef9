package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mounts of a daemon on a host where mounts are shared with their copies, as systemd makes them. */
class SharedMountsIT {

    @RegisterExtension
    static final Daemon daemon = Daemon.sharingMounts();

    @BeforeAll
    static void image() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void volumesOfAStoppedContainerAreCopiedToAndFrom() throws Exception {
        daemon.wherry("create", "--name", "still", "-v", "data:/data", "busybox", "cat", "/data/in")
                .ok();
        Path in = Files.writeString(daemon.home().resolve("in"), "sent");

        daemon.wherry("cp", in.toString(), "still:/data/in").ok();

        assertThat(daemon.wherry("start", "-a", "still").ok().line()).isEqualTo("sent");
        Path out = daemon.home().resolve("out");
        daemon.wherry("cp", "still:/data/in", out.toString()).ok();
        assertThat(out).hasContent("sent");
        daemon.wherry("rm", "still").ok();
    }
}

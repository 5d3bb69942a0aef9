package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.SortedMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon whose disk is full says so in one line, keeps what it has, and goes on as soon as there is room. */
class FullDiskIT {

    private static final int DISK = 64;
    private static final String REASON = "no space left";
    private static final String REMEDY = "free some disk space";

    @RegisterExtension
    static final Registry registry = new Registry();

    @RegisterExtension
    static final Daemon daemon = Daemon.onDiskOf(DISK);

    private SortedMap<String, Long> before;

    @BeforeEach
    void remember() throws Exception {
        Busybox.importInto(daemon);
        before = Holdings.rows(daemon);
    }

    @AfterEach
    void theStoreIsAsBeforeAndTheDaemonGoesOn() throws Exception {
        Awaitility.await()
                .untilAsserted(() -> assertThat(Holdings.wrong(daemon)).isEmpty());
        assertThat(Holdings.rows(daemon)).isEqualTo(before);
        assertThat(daemon.log()).doesNotContain("Exception", "internal error");
        Path context = Files.createTempDirectory(daemon.home(), "small-");
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN echo fits > /file\n");
        daemon.wherry("build", "--no-cache", "-t", "small", context.toString()).ok();
        daemon.wherry("run", "--rm", "small", "cat", "/file").ok();
        daemon.wherry("rmi", "small").ok();
        daemon.wherry("builder", "prune", "-af").ok();
    }

    @Test
    void importThatDoesNotFit() throws Exception {
        String line = daemon.wherry("import", large(80).toString(), "large").refuses(1);

        assertThat(line).contains(REASON, REMEDY);
    }

    @Test
    void copyThatDoesNotFit() throws Exception {
        Path context = Files.createTempDirectory(daemon.home(), "context-");
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nCOPY file /\n");
        random(context.resolve("file"), 80);

        String line = daemon.wherry("build", "-t", "large", context.toString()).refuses(1);

        assertThat(line).contains(REASON, REMEDY);
    }

    @Test
    void stepThatFillsTheDiskFailsLikeAnyOther() throws Exception {
        Path context = Files.createTempDirectory(daemon.home(), "context-");
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN dd if=/dev/zero of=/file bs=1M count=80\n");

        Outcome build = daemon.wherry("build", "-t", "large", context.toString());

        assertThat(build.refuses(1)).contains("Dockerfile:2", "exit code");
        assertThat(build.stderr()).contains("No space left on device");
    }

    @Test
    void pullThatDoesNotFit() throws Exception {
        registry.push("library/large", "latest", large(48), "{}");

        String line = daemon.wherry("pull", registry.host() + "/library/large").refuses(1);

        assertThat(line).contains(REASON, REMEDY);
        daemon.wherry("rmi", "busybox").ok();
        Busybox.importInto(daemon);
    }

    @Test
    void everythingIsRefusedInOneLineWhileOthersFillTheDisk() throws Exception {
        registry.push("library/small", "latest", Busybox.tar(daemon.home()), "{}");
        Path context = Files.createTempDirectory(daemon.home(), "context-");
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nCOPY Dockerfile /file\n");
        Path filler = daemon.root().resolve("filler");
        fill(filler);

        String tar = Busybox.tar(daemon.home()).toString();
        assertThat(daemon.wherry("import", tar, "other").refuses(1)).contains(REASON, REMEDY);
        assertThat(daemon.wherry("build", context.toString()).refuses(1)).contains(REASON, REMEDY);
        assertThat(daemon.wherry("pull", registry.host() + "/library/small").refuses(1))
                .contains(REASON, REMEDY);
        // The database keeps room for what a run needs.
        daemon.wherry("run", "--rm", "busybox", "true").ok();
        assertThat(daemon.wherry("images").ok().stdout()).contains("busybox");
        daemon.wherry("ps", "-a").ok();

        Files.delete(filler);
        daemon.wherry("run", "--rm", "busybox", "true").ok();
    }

    @Test
    void fullDiskDoesNotKeepTheDaemonFromStarting() throws Exception {
        Path filler = daemon.root().resolve("filler");
        fill(filler);

        daemon.kill();
        daemon.start();

        assertThat(daemon.wherry("images").ok().stdout()).contains("busybox");
        Files.delete(filler);
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static Path large(int mebibytes) throws Exception {
        Path folder = Files.createTempDirectory(daemon.home(), "large-");
        random(folder.resolve("random"), mebibytes);
        Path tar = folder.resolve("large.tar");
        assertThat(new ProcessBuilder("tar", "-C", folder.toString(), "-cf", tar.toString(), "random")
                        .start()
                        .waitFor())
                .isZero();
        return tar;
    }

    private static void random(Path file, int mebibytes) throws IOException {
        byte[] block = new byte[1 << 20];
        Random random = new Random(mebibytes);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }
}

package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files go into containers and come out of them as docker has it, and nothing else is reached meanwhile. */
class ContainerFilesIT {

    /** How often a race is tried. */
    private static final int RACES = 25;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final Daemon DAEMON = new Daemon();

    @BeforeAll
    static void importBusybox() throws Exception {
        Busybox.importInto(DAEMON);
    }

    private static Outcome wherry(String... arguments) {
        return DAEMON.wherry(arguments);
    }

    private static Path folder() throws IOException {
        return Files.createTempDirectory(DAEMON.home(), "files-");
    }

    private static void running(String name, String script) {
        wherry("run", "-d", "--name", name, "--network", "none", "busybox", "sh", "-c", script)
                .ok();
    }

    private static Outcome send(byte[] tar, String destination) throws Exception {
        Process client = DAEMON.spawn(DAEMON.home(), "cp", "-", destination);
        try (OutputStream in = client.getOutputStream()) {
            in.write(tar);
        } catch (IOException refusedBeforeItsEnd) {
            // The outcome tells why.
        }
        return Outcome.of(List.of("cp", "-", destination), client, LIMIT);
    }

    private static byte[] tar(Consumer<Archive> content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            content.accept((name, type, link, text) -> {
                TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
                entry.setLinkName(link);
                entry.setMode(0644);
                entry.setSize(text.length());
                tar.putArchiveEntry(entry);
                tar.write(text.getBytes(StandardCharsets.US_ASCII));
                tar.closeArchiveEntry();
            });
        }
        return bytes.toByteArray();
    }

    private interface Archive {
        void put(String name, byte type, String link, String text) throws IOException;

        default void add(String name, byte type, String link, String text) {
            try {
                put(name, type, link, text);
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        }
    }

    @Test
    void ownersModesTimesAndLinksGoThereAndBack() throws Exception {
        Path local = folder();
        Path source = Files.createDirectories(local.resolve("src/sub")).getParent();
        Files.writeString(source.resolve("f"), "hello");
        Files.createSymbolicLink(source.resolve("l"), Path.of("f"));
        Files.createLink(source.resolve("sub/twin"), source.resolve("f"));
        Files.setAttribute(source.resolve("f"), "unix:uid", 1234);
        Files.setAttribute(source.resolve("f"), "unix:mode", 04640);
        Files.setLastModifiedTime(
                source.resolve("f"), java.nio.file.attribute.FileTime.from(1_000_000, TimeUnit.SECONDS));
        wherry("create", "--name", "round", "busybox", "sleep", "100").ok();

        wherry("cp", source.toString(), "round:/new").ok();
        wherry("cp", "-a", "round:/new", local + "/back").ok();

        assertThat(local.resolve("back/f")).hasContent("hello");
        var status = Files.readAttributes(local.resolve("back/f"), "unix:*");
        assertThat(status).containsEntry("uid", 1234);
        assertThat((int) status.get("mode") & 07777).isEqualTo(04640);
        assertThat(Files.getLastModifiedTime(local.resolve("back/f")).to(TimeUnit.SECONDS))
                .isEqualTo(1_000_000);
        assertThat(Files.readSymbolicLink(local.resolve("back/l"))).hasToString("f");
        assertThat(Files.isSameFile(local.resolve("back/f"), local.resolve("back/sub/twin")))
                .isTrue();
        assertThat(wherry("diff", "round").ok().stdout())
                .isEqualTo("A /new\nA /new/f\nA /new/l\nA /new/sub\nA /new/sub/twin\n");
    }

    @Test
    void aRunningContainerSeesWhatIsCopiedEvenIntoItsMounts() throws Exception {
        Path local = folder();
        Path host = Files.createDirectory(local.resolve("host"));
        Files.writeString(local.resolve("f"), "hello");
        wherry(
                        "run",
                        "-d",
                        "--name",
                        "mounts",
                        "--network",
                        "none",
                        "-v",
                        host + ":/bound",
                        "--tmpfs",
                        "/mem",
                        "busybox",
                        "sleep",
                        "100")
                .ok();
        wherry("cp", local + "/f", "mounts:/bound/g").ok();
        assertThat(host.resolve("g")).hasContent("hello");
        wherry("cp", local + "/f", "mounts:/mem/").ok();
        wherry("cp", "mounts:/mem/f", local + "/from-memory").ok();
        assertThat(local.resolve("from-memory")).hasContent("hello");
        // What is below a mount point is not the container's own.
        assertThat(wherry("diff", "mounts").ok().stdout()).isEmpty();
    }

    @Test
    void theRulesOfNamesAreDockers() throws Exception {
        Path local = folder();
        Files.createDirectories(local.resolve("src/sub"));
        Files.writeString(local.resolve("f"), "hello");
        wherry("create", "--name", "rules", "busybox", "true").ok();
        assertThat(wherry("cp", local + "/src", "rules:/bin/busybox").stderr()).contains("cannot copy directory");
        assertThat(wherry("cp", local + "/f", "rules:/nodir/").stderr()).contains("no such directory");
        assertThat(wherry("cp", local + "/f", "rules:/nope/x").stderr())
                .contains("Could not find the file /nope in container rules");
        assertThat(wherry("cp", "rules:/nope", ".").stderr())
                .contains("Could not find the file /nope in container rules");
        assertThat(wherry("cp", "-", "rules:/bin/busybox").stderr())
                .contains("destination \"rules:/bin/busybox\" must be a directory");
        assertThat(wherry("cp", "a", "b").stderr()).contains("must specify at least one container source");
        assertThat(wherry("cp", "rules:/a", "rules:/b").stderr())
                .contains("copying between containers is not supported");
        wherry("cp", local + "/src/.", "rules:/tmp").ok();
        assertThat(wherry("diff", "rules").ok().stdout()).isEqualTo("C /tmp\nA /tmp/sub\n");
    }

    @Test
    void linksAreFollowedInsideTheContainerOnly() throws Exception {
        Path local = folder();
        Path secret = Files.writeString(local.resolve("secret"), "host");
        running(
                "links",
                "ln -s " + local + " /out; ln -s /../../../" + secret + " /file; mkdir /deep; ln -s /deep /d;"
                        + " touch /ready; sleep 100");
        awaitFile("links", "/ready");
        Files.writeString(local.resolve("f"), "mine");
        assertThat(wherry("cp", "links:/out/secret", "-").stderr()).contains("Could not find the file");
        assertThat(wherry("cp", "-L", "links:/file", "-").stderr()).contains("Could not find the file");
        wherry("cp", local + "/f", "links:/d/").ok();
        assertThat(wherry("cp", "links:/deep/f", "-").ok().stdout()).contains("mine");
        assertThat(wherry("cp", local + "/f", "links:/out/x").exitCode()).isNotZero();
        assertThat(local.resolve("x")).doesNotExist();
        assertThat(secret).hasContent("host");
    }

    private static void awaitFile(String container, String path) {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> wherry("cp", container + ":" + path, "-").exitCode() == 0);
    }

    @Test
    void hostileArchivesReachNothingOutside() throws Exception {
        Path local = folder();
        wherry("create", "--name", "hostile", "busybox", "true").ok();
        byte[] above = tar(archive -> archive.add("../../x", TarConstants.LF_NORMAL, "", "bad"));
        assertThat(send(above, "hostile:/tmp").stderr()).contains("leads out of the root");
        byte[] through = tar(archive -> {
            archive.add("l", TarConstants.LF_SYMLINK, local.toString(), "");
            archive.add("l/x", TarConstants.LF_NORMAL, "", "bad");
        });
        assertThat(send(through, "hostile:/tmp").exitCode()).isNotZero();
        byte[] link = tar(archive -> archive.add("h", TarConstants.LF_LINK, "../../etc/passwd", ""));
        assertThat(send(link, "hostile:/tmp").stderr()).contains("hard link");
        assertThat(send("no archive".getBytes(StandardCharsets.US_ASCII), "hostile:/tmp")
                        .exitCode())
                .isNotZero();
        try (var files = Files.list(local)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aHundredThousandEntriesAndDevicesGoIn() throws Exception {
        wherry("create", "--name", "many", "busybox", "true").ok();
        // A device 0:0 would be a whiteout.
        byte[] device = tar(archive -> archive.add("null", TarConstants.LF_CHR, "", ""));
        assertThat(send(device, "many:/tmp").stderr()).contains("device 0:0");
        byte[] files = tar(archive -> {
            for (int i = 0; i < 100_000; i++) {
                archive.add("d" + i % 100 + "/f" + i, TarConstants.LF_NORMAL, "", "");
            }
        });
        send(files, "many:/tmp").ok();
        assertThat(wherry("diff", "many").ok().stdout().lines()).hasSize(100_101);
    }

    @Test
    void aFolderThatBecomesALinkMeanwhileLeadsNowhere() throws Exception {
        Path local = folder();
        Path victim = Files.createDirectory(local.resolve("victim"));
        Files.writeString(victim.resolve("secret"), "host");
        Path source = Files.createDirectories(local.resolve("src"));
        Files.writeString(source.resolve("f"), "mine");
        // Swaps a folder with a link to the host's path, as fast as it can.
        running(
                "race",
                "mkdir -p /a/t /a/b; ln -s " + victim + " /a/link; touch /a/t/secret; while :; do"
                        + " mv /a/t /a/b/x; mv /a/link /a/t; mv /a/t /a/link; mv /a/b/x /a/t; done 2>/dev/null");
        for (int tried = 0; tried < RACES; tried++) {
            wherry("cp", source + "/.", "race:/a/t");
            Outcome read = wherry("cp", "race:/a/t/secret", "-");
            assertThat(read.stdout()).doesNotContain("host");
        }
        assertThat(victim.resolve("f")).doesNotExist();
        try (var files = Files.list(victim)) {
            assertThat(files).containsExactly(victim.resolve("secret"));
        }
        assertThat(Files.isDirectory(victim, LinkOption.NOFOLLOW_LINKS)).isTrue();
        wherry("rm", "-f", "race").ok();
    }

    @Test
    void aContainerBecomesAnImageThatRuns() throws Exception {
        running("worked", "echo made >/made; rm /etc/group; touch /ready; sleep 100");
        awaitFile("worked", "/ready");
        assertThat(wherry("diff", "worked").ok().stdout()).isEqualTo("C /etc\nD /etc/group\nA /made\nA /ready\n");
        wherry(
                        "commit",
                        "-m",
                        "by hand",
                        "-a",
                        "me",
                        "-c",
                        "ENV A=b",
                        "-c",
                        "CMD [\"cat\", \"/made\"]",
                        "worked",
                        "made")
                .ok();
        assertThat(wherry("run", "--rm", "--network", "none", "made").ok().stdout())
                .isEqualTo("made\n");
        assertThat(wherry("run", "--rm", "--network", "none", "made", "sh", "-c", "echo $A; ls /etc")
                        .ok()
                        .stdout())
                .startsWith("b\n")
                .doesNotContain("group");
        assertThat(wherry("history", "made").ok().stdout()).contains("by hand");
        assertThat(wherry("inspect", "-f", "{{.State.Status}}", "worked").ok().line())
                .isEqualTo("running");
        Path project = folder();
        Files.writeString(project.resolve("Dockerfile"), "FROM made\nRUN cat /made >/again\n");
        wherry("build", "-t", "again", project.toString()).ok();
        assertThat(wherry("commit", "-c", "RUN x", "worked").stderr()).contains("does not change the config");
    }

    @Test
    void exportHoldsTheFilesWithoutTheMounts() throws Exception {
        Path local = folder();
        running("exported", "echo made >/made; touch /ready; sleep 100");
        awaitFile("exported", "/ready");
        wherry("export", "-o", local + "/x.tar", "exported").ok();
        Process list = new ProcessBuilder("tar", "-tf", local + "/x.tar").start();
        String names = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(names.lines()).contains("made", "bin/busybox").doesNotContain("proc/self");
    }
}

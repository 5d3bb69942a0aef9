package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes and other mounts of real containers. */
class VolumeIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    /** busybox, with files at /seed that belong to others, and a volume at /wanted. */
    @BeforeAll
    static void images() throws Exception {
        Busybox.importInto(daemon);
        Path context = Files.createDirectory(daemon.home().resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), """
                FROM busybox
                RUN mkdir -p /seed/inner && echo one >/seed/one && ln /seed/one /seed/same && ln -s one /seed/link \\
                    && chown 12:34 /seed/one /seed && chmod 4711 /seed/one && chmod 1770 /seed \\
                    && mkfifo /seed/pipe && chown 56:78 /seed/inner && echo gone >/seed/gone
                RUN rm /seed/gone && echo two >/seed/inner/two && mkdir /wanted && echo wanted >/wanted/file
                VOLUME /wanted
                """);
        daemon.wherry("build", "-q", "-t", "seeded", context.toString()).ok();
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        for (String id : daemon.wherry("ps", "-aq").line().split("\\s+")) {
            if (!id.isBlank()) {
                daemon.wherry("rm", "-fv", id);
            }
        }
        daemon.wherry("volume", "prune", "-af").ok();
        Awaitility.await()
                .untilAsserted(() -> assertThat(Holdings.wrong(daemon)).isEmpty());
        assertThat(Holdings.rows(daemon).get("volume")).isZero();
    }

    private static Outcome run(String... arguments) {
        return daemon.wherry(Stream.concat(Stream.of("run", "--rm", "--network", "none"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static String[] words(String[] last, String... first) {
        return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
    }

    private static String volumes() {
        return daemon.wherry("volume", "ls", "-q").ok().line();
    }

    @Test
    void dataOutlivesItsContainerAndTheDaemon() throws Exception {
        run("-v", "data:/data", "busybox", "sh", "-c", "echo kept >/data/file").ok();
        daemon.restart();

        assertThat(run("-v", "data:/other:ro", "busybox", "cat", "/other/file")
                        .ok()
                        .line())
                .isEqualTo("kept");
        assertThat(volumes()).isEqualTo("data");
    }

    @Test
    void readOnlyVolumeCannotBeWritten() {
        assertThat(run("-v", "data:/data:ro", "busybox", "touch", "/data/file").stderr())
                .contains("Read-only file system");
        assertThat(run("--mount", "type=volume,src=data,dst=/data,readonly", "busybox", "touch", "/data/file")
                        .stderr())
                .contains("Read-only file system");
    }

    @Test
    void emptyVolumeGetsWhatTheImageHasInItsPlace() {
        String list =
                "cd /seed && stat -c '%n %F %a %u:%g' . link inner && stat -c '%n %F %a %u:%g %h' one same pipe inner/two && cat link inner/two"
                        + " && ls /seed";
        String inTheImage = run("seeded", "sh", "-c", list).ok().stdout();
        String inTheVolume =
                run("-v", "seed:/seed", "seeded", "sh", "-c", list).ok().stdout();

        assertThat(inTheVolume)
                .isEqualTo(inTheImage)
                .contains("one regular file 4711 12:34 2")
                .doesNotContain("gone");
        // What is there is not copied over.
        run("-v", "seed:/seed", "seeded", "sh", "-c", "echo mine >/seed/one").ok();
        assertThat(run("-v", "seed:/seed", "seeded", "cat", "/seed/one").ok().line())
                .isEqualTo("mine");
    }

    @Test
    void volumeStaysEmptyOnRequest() {
        assertThat(run("-v", "seed:/seed:nocopy", "seeded", "ls", "-A", "/seed")
                        .ok()
                        .stdout())
                .isEmpty();
        assertThat(run("--mount", "src=seed,dst=/seed,volume-nocopy", "seeded", "ls", "-A", "/seed")
                        .ok()
                        .stdout())
                .isEmpty();
    }

    @Test
    void ownerOfAnEmptyFolderIsThatOfTheVolume() {
        run("-v", "inner:/seed/inner:nocopy", "seeded", "true").ok();
        assertThat(run("-v", "inner:/seed/inner", "seeded", "stat", "-c", "%u:%g", "/seed/inner")
                        .ok()
                        .line())
                .isEqualTo("56:78");
    }

    @Test
    void ownerOfAFolderThatIsFilledInItsPlaceIsThatOfTheImage() {
        daemon.wherry("run", "-d", "--network", "none", "-v", "inner:/seed/inner:nocopy", "seeded", "sleep", "1000")
                .ok();
        String[] status = {"stat", "-c", "%u:%g %a %Y", "/seed/inner"};
        String inTheImage = run(words(status, "seeded")).ok().line();
        assertThat(inTheImage).startsWith("56:78");

        assertThat(run(words(status, "-v", "inner:/seed/inner", "seeded")).ok().line())
                .isEqualTo(inTheImage);

        run("-v", "part:/part", "busybox", "mkdir", "/part/below").ok();
        assertThat(run(words(status, "--mount", "src=part,dst=/seed/inner,volume-subpath=below", "seeded"))
                        .ok()
                        .line())
                .isEqualTo(inTheImage);
    }

    @Test
    void volumeOfTheImageIsAnonymousAndGoesWithItsContainer() {
        assertThat(run("seeded", "cat", "/wanted/file").ok().line()).isEqualTo("wanted");
        assertThat(volumes()).isEmpty();

        daemon.wherry("create", "--name", "stays", "-v", "/more", "seeded").ok();
        assertThat(volumes().lines()).hasSize(2).allMatch(name -> name.matches("[0-9a-f]{64}"));
        daemon.wherry("rm", "stays").ok();
        assertThat(volumes().lines()).hasSize(2);
        assertThat(daemon.wherry("volume", "prune", "-f").ok().stdout()).contains("Deleted Volumes:");
        assertThat(volumes()).isEmpty();

        daemon.wherry("create", "--name", "goes", "-v", "named:/named", "seeded")
                .ok();
        daemon.wherry("rm", "-v", "goes").ok();
        assertThat(volumes()).isEqualTo("named");
    }

    @Test
    void volumesOfAnotherContainerAreShared() {
        daemon.wherry("create", "--name", "first", "-v", "data:/data", "-v", "/etc:/host:ro", "seeded")
                .ok();
        run("--volumes-from", "first", "busybox", "sh", "-c", "echo shared >/data/file; test -f /host/passwd")
                .ok();

        assertThat(run("--volumes-from", "first:ro", "busybox", "cat", "/data/file", "/wanted/file")
                        .ok()
                        .stdout())
                .isEqualTo("shared\nwanted\n");
        assertThat(run("--volumes-from", "first:ro", "busybox", "touch", "/data/other")
                        .stderr())
                .contains("Read-only file system");
        assertThat(run("--volumes-from", "nobody", "busybox", "true").stderr()).contains("no such container: nobody");
        // An anonymous volume that another container has stays.
        daemon.wherry("create", "--name", "second", "--volumes-from", "first", "busybox")
                .ok();
        daemon.wherry("rm", "-v", "first").ok();
        assertThat(volumes().lines()).hasSize(2);
        daemon.wherry("rm", "-v", "second").ok();
        assertThat(volumes()).isEqualTo("data");
    }

    @Test
    void volumeInUseIsNotRemoved() {
        String id = daemon.wherry("create", "-v", "data:/data", "busybox").ok().line();
        assertThat(daemon.wherry("volume", "rm", "data").stderr())
                .contains("remove data: volume is in use - [" + id + "]");
        assertThat(daemon.wherry("volume", "prune", "-af").ok().stdout()).doesNotContain("data");
        daemon.wherry("rm", id).ok();
        assertThat(daemon.wherry("volume", "rm", "data").ok().line()).isEqualTo("data");
        assertThat(daemon.wherry("volume", "rm", "data").stderr()).contains("get data: no such volume");
    }

    @Test
    void containerThatIsCreatedWhileItsVolumeIsRemovedHasAVolumeOrNoneIsLeft() throws Exception {
        for (int round = 0; round < 15; round++) {
            daemon.wherry("volume", "create", "race").ok();
            List<Process> both = new ArrayList<>();
            both.add(daemon.spawn(daemon.home(), "volume", "rm", "race"));
            both.add(daemon.spawn(
                    daemon.home(), "run", "--rm", "--network", "none", "-v", "race:/d", "busybox", "touch", "/d/file"));
            boolean removed = both.get(0).waitFor() == 0;
            assertThat(both.get(1).waitFor()).isZero();
            // Where the removal came last, or came first and the container made the volume anew.
            if (!volumes().isEmpty()) {
                assertThat(run("-v", "race:/d", "busybox", "ls", "/d").ok().line())
                        .isEqualTo("file");
                daemon.wherry("volume", "rm", "race").ok();
            } else {
                assertThat(removed).isTrue();
            }
        }
    }

    @Test
    void partOfAVolumeIsMounted() {
        run("-v", "data:/d", "busybox", "sh", "-c", "mkdir -p /d/a/b && echo part >/d/a/b/file && ln -s a/b /d/inside")
                .ok();

        assertThat(run(mountPart("a/b"), "busybox", "cat", "/p/file").ok().line())
                .isEqualTo("part");
        assertThat(run(mountPart("inside"), "busybox", "cat", "/p/file").ok().line())
                .isEqualTo("part");
        assertThat(run(mountPart("a/b/file"), "busybox", "cat", "/p").ok().line())
                .isEqualTo("part");
        assertThat(run(mountPart("nowhere"), "busybox", "true").stderr())
                .contains("cannot access path nowhere of volume data: no such file or directory");
    }

    private static Outcome run(List<String> mount, String... arguments) {
        return run(Stream.concat(mount.stream(), Stream.of(arguments)).toArray(String[]::new));
    }

    private static List<String> mountPart(String subpath) {
        return List.of("--mount", "src=data,dst=/p,volume-subpath=" + subpath);
    }

    @ParameterizedTest
    @ValueSource(strings = {"absolute", "up", "through/etc", "a/../../..", "../data"})
    void partThatLeadsOutOfTheVolumeIsRefused(String subpath) {
        run(
                        "-v",
                        "data:/d",
                        "busybox",
                        "sh",
                        "-c",
                        "mkdir /d/a; ln -s /etc /d/absolute; ln -s ../../.. /d/up; ln -s / /d/through")
                .ok();
        assertThat(run(mountPart(subpath), "busybox", "cat", "/p/passwd"))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isNotZero())
                .satisfies(outcome ->
                        assertThat(outcome.stderr()).contains(subpath).contains("volume"));
    }

    /** A container swaps a folder for a link to the host's root as fast as it can. */
    @Test
    void partThatIsSwappedForALinkWhileItIsMountedNeverShowsTheHost() throws Exception {
        Files.writeString(daemon.home().resolve("secret"), "of the host");
        run("-v", "data:/d", "busybox", "sh", "-c", "mkdir /d/a /d/real && ln -s " + daemon.home() + " /d/evil")
                .ok();
        daemon.wherry(
                        "run",
                        "-d",
                        "--network",
                        "none",
                        "-v",
                        "data:/d",
                        "busybox",
                        "sh",
                        "-c",
                        "i=0; while [ $((i += 1)) -lt 20000 ]; do mv /d/a /d/x; mv /d/evil /d/a; mv /d/a /d/evil; mv /d/x /d/a; done")
                .ok();
        for (int round = 0; round < 15; round++) {
            assertThat(run(mountPart("a"), "busybox", "cat", "/p/secret").stdout())
                    .isEmpty();
        }
    }

    @Test
    void imageIsMountedReadOnly() {
        assertThat(run("--mount", "type=image,src=seeded,dst=/i", "busybox", "cat", "/i/seed/one")
                        .ok()
                        .line())
                .isEqualTo("one");
        assertThat(run("--mount", "type=image,src=seeded,dst=/i,image-subpath=seed/inner", "busybox", "cat", "/i/two")
                        .ok()
                        .line())
                .isEqualTo("two");
        assertThat(run("--mount", "type=image,src=seeded,dst=/i", "busybox", "touch", "/i/file")
                        .stderr())
                .contains("Read-only file system");
        daemon.wherry("create", "--mount", "type=image,src=seeded,dst=/i", "busybox")
                .ok();
        assertThat(daemon.wherry("rmi", "seeded").stderr()).contains("is using it");
    }

    @Test
    void missingSourceIsMadeForAVolumeFlagAndAnErrorForAMount() {
        Path folder = daemon.home().resolve("made/by");
        run("-v", folder + ":/d", "busybox", "touch", "/d/file").ok();
        assertThat(folder.resolve("file")).exists();
        assertThat(run("--mount", "type=bind,src=" + folder + "/none,dst=/d", "busybox", "true")
                        .stderr())
                .contains("bind source path does not exist: " + folder + "/none");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void relativePathIsThatOfTheClient() throws IOException {
        Path folder = Files.createDirectory(daemon.home().resolve("client"));
        Files.writeString(folder.resolve("file"), "here");
        Outcome outcome = daemon.wherry(
                java.time.Duration.ofSeconds(60),
                folder,
                "run",
                "--rm",
                "--network",
                "none",
                "-v",
                "./:/d:z",
                "busybox",
                "cat",
                "/d/file");
        assertThat(outcome.ok().line()).isEqualTo("here");
    }

    @Test
    void rootOfTheHostASocketAndAFileOverAFileAreMounted() throws IOException {
        Path folder = Files.createDirectory(daemon.home().resolve("odd"));
        Files.writeString(folder.resolve("file"), "mounted");
        Path socket = folder.resolve("socket");
        try (ServerSocketChannel listening = ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))) {
            assertThat(run(
                                    "-v",
                                    "/:/host:ro",
                                    "-v",
                                    socket + ":/run/socket",
                                    "-v",
                                    folder + "/file:/etc/group",
                                    "busybox",
                                    "sh",
                                    "-c",
                                    "cat /etc/group /host" + folder + "/file; test -S /run/socket")
                            .ok()
                            .stdout())
                    .isEqualTo("mountedmounted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "comma,name", "quote\"d", "dollar$name", "back\\slash", "ünï", "new\nline"})
    void pathWithOddCharactersIsBound(String name) throws IOException {
        Path folder = Files.createDirectories(daemon.home().resolve("names").resolve(name));
        Files.writeString(folder.resolve("file"), "found");
        assertThat(run("-v", folder + ":/in " + name, "busybox", "cat", "/in " + name + "/file")
                        .ok()
                        .stdout())
                .isEqualTo("found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "with space", "+plus", "x"})
    void nameThatNoVolumeHasIsRefused(String name) {
        assertThat(run("-v", name + ":/d", "busybox", "true"))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(125))
                .satisfies(outcome -> assertThat(outcome.stderr()).contains("volume name"));
        assertThat(volumes()).isEmpty();
    }

    @Test
    void copiesGoInAndOut() throws IOException {
        Path folder = Files.createDirectory(daemon.home().resolve("copied"));
        Files.writeString(folder.resolve("file"), "copied");
        daemon.wherry("volume", "create", "data").ok();
        daemon.wherry("volume", "cp", folder + "/.", "data:/").ok();
        assertThat(run("-v", "data:/d", "busybox", "cat", "/d/file").ok().line())
                .isEqualTo("copied");
        run("-v", "data:/d", "busybox", "ln", "-s", "/file", "/d/link").ok();
        daemon.wherry("volume", "cp", "-L", "data:/link", folder.resolve("back").toString())
                .ok();
        assertThat(folder.resolve("back")).hasContent("copied");
        assertThat(daemon.wherry("volume", "cp", "data:/none", folder.toString())
                        .stderr())
                .contains("Could not find the file /none in volume data");
        assertThat(daemon.wherry("volume", "cp", "none:/x", folder.toString()).stderr())
                .contains("no such volume");
    }

    @Test
    void exportAndImportMakeACopy() {
        run("-v", "seed:/seed", "seeded", "true").ok();
        Path tar = daemon.home().resolve("seed.tar");
        daemon.wherry("volume", "export", "-o", tar.toString(), "seed").ok();
        assertThat(daemon.wherry("volume", "import", "copy", tar.toString())
                        .ok()
                        .line())
                .isEqualTo("copy");

        String list = "cd /v && find . | sort | xargs stat -c '%n %F %a %u:%g %h %Y'";
        assertThat(run("-v", "copy:/v", "busybox", "sh", "-c", list).ok().stdout())
                .isEqualTo(
                        run("-v", "seed:/v", "busybox", "sh", "-c", list).ok().stdout())
                .contains("./one regular file 4711 12:34 2");
        assertThat(daemon.wherry("volume", "import", "none", "/etc/passwd").exitCode())
                .isNotZero();
        assertThat(volumes()).doesNotContain("none");
    }

    @Test
    void filesOfAStoppedContainerAreThoseOfItsVolumes() throws IOException {
        daemon.wherry("create", "--name", "still", "-v", "data:/d", "busybox").ok();
        Path file = Files.writeString(daemon.home().resolve("into"), "copied");
        daemon.wherry("cp", file.toString(), "still:/d/file").ok();

        assertThat(run("-v", "data:/d", "busybox", "cat", "/d/file").ok().line())
                .isEqualTo("copied");
        assertThat(daemon.wherry("diff", "still").ok().stdout()).isEmpty();
    }

    @Test
    void deviceOfAVolumeIsMountedWhileAContainerRuns() {
        daemon.wherry("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=1m", "memory")
                .ok();
        String id = daemon.wherry("run", "-d", "--network", "none", "-v", "memory:/m", "busybox", "sleep", "1000")
                .ok()
                .line();
        assertThat(run("-v", "memory:/m", "busybox", "sh", "-c", "grep ' /m tmpfs' /proc/mounts")
                        .ok()
                        .stdout())
                .contains("size=1024k");
        daemon.wherry("rm", "-f", id).ok();
        Awaitility.await().until(() -> Host.mounts(daemon.home()).isEmpty());
    }

    @Test
    void inspectionListAndEventsAreThoseOfDocker() {
        String id = daemon.wherry("create", "--name", "web", "-v", "data:/d:ro", "-v", "/more", "busybox", "true")
                .ok()
                .line();
        assertThat(daemon.wherry("inspect", "-f", "{{json .HostConfig.Binds}} {{json .Config.Volumes}}", "web")
                        .ok()
                        .line())
                .isEqualTo("[\"data:/d:ro\"] {\"/more\":{}}");
        assertThat(daemon.wherry(
                                "inspect", "-f",
                                "{{range .Mounts}}{{.Type}} {{.Destination}} {{.Driver}} {{.RW}} {{.Mode}};{{end}}",
                                        "web")
                        .ok()
                        .line())
                .isEqualTo("volume /d local false ro;volume /more local true ;");
        assertThat(daemon.wherry("ps", "-a", "--format", "{{.LocalVolumes}}", "-f", "volume=data")
                        .ok()
                        .line())
                .isEqualTo("2");
        assertThat(daemon.wherry("volume", "inspect", "-f", "{{.Driver}} {{.Mountpoint}}", "data")
                        .ok()
                        .line())
                .isEqualTo("local " + daemon.root() + "/volumes/data/_data");
        assertThat(daemon.wherry("volume", "ls", "-f", "name=data").ok().stdout())
                .isEqualTo("DRIVER    VOLUME NAME\nlocal     data\n");
        daemon.wherry("start", "-a", "web").ok();
        daemon.wherry("rm", "-v", "web").ok();
        daemon.wherry("volume", "rm", "data").ok();
        assertThat(daemon.wherry(
                                "events",
                                "--since",
                                "1h",
                                "--until",
                                "0s",
                                "-f",
                                "volume=data",
                                "--format",
                                "{{.Action}} {{.Actor.Attributes.container}}")
                        .ok()
                        .stdout())
                .contains("create ", "mount " + id, "unmount " + id, "destroy ");
    }
}

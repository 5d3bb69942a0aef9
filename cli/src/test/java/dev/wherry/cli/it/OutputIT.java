package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code --output} makes of the result of a build. */
class OutputIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    private static Project files() throws IOException {
        return Project.of(daemon, """
                FROM busybox AS made
                RUN mkdir /d && echo content > /d/f && chown 12:34 /d/f && chmod 4711 /d/f && ln /d/f /d/hard && ln -s f /d/link \\
                    && mkfifo /d/pipe && touch -d @1000000000 /d/f /d
                FROM scratch
                COPY --from=made /d /d
                """);
    }

    private static String host(Project project, String script) throws Exception {
        return Outcome.of(
                        List.of(script),
                        new ProcessBuilder("sh", "-ec", script)
                                .directory(project.folder().toFile())
                                .start(),
                        Duration.ofSeconds(30))
                .ok()
                .line();
    }

    @Test
    void filesOfTheResultComeIntoAFolder() throws Exception {
        Project project = files();
        String images = daemon.wherry("images", "-aq").ok().stdout();

        Outcome build = project.build("-o", "out", "--iidfile", "id").ok();

        assertThat(host(
                        project,
                        "cd out; stat -c '%n %a %U %s' d d/f d/hard; readlink d/link; cat d/f; stat -c %Y d/f"))
                .isEqualTo("d 755 root 4096\nd/f 4711 root 8\nd/hard 4711 root 8\nf\ncontent\n1000000000");
        assertThat(project.path("out/d/pipe")).doesNotExist();
        assertThat(build.stderr()).contains("1 device or pipe").endsWith("Built out\n");
        assertThat(project.path("id")).as("there is no image").isEmptyFile();
        assertThat(daemon.wherry("images", "-aq").ok().stdout())
                .as("no image is added")
                .isEqualTo(images);
    }

    @Test
    void holesAndNamesOfWhiteoutsComeIntoAFolder() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox AS made
                RUN mkdir /d /d/.wh.folder && dd if=/dev/null of=/d/hole bs=1M seek=50 && echo x > /d/.wh.x && echo y > /d/.wh.folder/y
                FROM scratch
                COPY --from=made /d /
                """);

        project.build("-o", "out").ok();

        assertThat(host(
                        project,
                        "cd out; stat -c %s hole; test $(du -k hole | cut -f1) -lt 100; cat .wh.x .wh.folder/y"))
                .isEqualTo("52428800\nx\ny");
    }

    @Test
    void folderIsAddedToAndItsLinksAreNotFollowed() throws Exception {
        Project project = files();
        Path elsewhere = Files.createDirectory(project.path("elsewhere"));
        Files.createDirectory(project.path("out"));
        Files.createSymbolicLink(project.path("out/d"), elsewhere);
        project.file("out/kept", "kept");

        project.build("--output", "type=local,dest=out").ok();

        assertThat(elsewhere).isEmptyDirectory();
        assertThat(project.path("out/kept")).hasContent("kept");
        assertThat(project.path("out/d/f")).hasContent("content");
    }

    @Test
    void whoCannotWriteIsTold() throws Exception {
        Project project = files().file("out/d/f/x", "in the way");

        assertThat(project.build("-o", "out").refuses(1)).contains("is a directory here and a file in the result");
        assertThat(project.build("-o", "type=tar,dest=no/such/folder/x.tar").refuses(1))
                .contains("no/such/folder");
        assertThat(project.build("-o", "type=registry,name=a").refuses(1)).contains("pushing is not supported yet");
        assertThat(project.path("out/d/f/x")).exists();
    }

    @Test
    void tarHoldsOwnersAndWhatAFolderCannot() throws Exception {
        Project project = files();

        assertThat(daemon.wherry(Duration.ofSeconds(60), project.folder(), "build", "-q", "-o", "-", ".")
                        .ok()
                        .stdout())
                .startsWith("d/\0")
                .contains("content\n");
        project.build("-o", "type=tar,dest=out.tar").ok();
        assertThat(host(project, "TZ=UTC tar --numeric-owner -tvf out.tar | tr -s ' ' | cut -d' ' -f1,2,6-"))
                .isEqualTo("""
                        drwxr-xr-x 0/0 d/
                        -rws--x--x 12/34 d/f
                        hrws--x--x 12/34 d/hard link to d/f
                        lrwxrwxrwx 0/0 d/link -> f
                        prw-r--r-- 0/0 d/pipe""");
    }

    @Test
    void archivesAreWhatOtherToolsTake() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN echo x > /x\nCMD [\"cat\", \"/x\"]\n");

        String id = project.build(
                        "-t",
                        "app:1",
                        "-o",
                        "type=oci,dest=oci.tar",
                        "-o",
                        "type=docker,dest=docker.tar",
                        "-o",
                        "type=oci,dest=layout,tar=false,compression=zstd",
                        "-o",
                        "type=oci,dest=plain.tar,compression=uncompressed",
                        "--annotation",
                        "org.example=value",
                        "--metadata-file",
                        "meta.json",
                        "--iidfile",
                        "id")
                .ok()
                .stderr();

        String config = Files.readString(project.path("id"));
        String hex = config.substring("sha256:".length());
        assertThat(id).endsWith("Built " + config + ", oci.tar, docker.tar, layout, plain.tar\n");
        assertThat(host(project, "tar xOf oci.tar index.json"))
                .contains(
                        "\"io.containerd.image.name\":\"docker.io/library/app:1\"",
                        "\"org.opencontainers.image.ref.name\":\"1\"");
        assertThat(host(project, "tar xOf docker.tar manifest.json"))
                .contains("\"Config\":\"blobs/sha256/" + hex + "\"", "\"RepoTags\":[\"app:1\"]");
        for (String archive : List.of("oci.tar", "docker.tar", "plain.tar")) {
            assertThat(host(
                            project,
                            "mkdir x; tar xf " + archive + " -C x; cd x/blobs/sha256; sha256sum * |"
                                    + " while read sum name; do [ $sum = $name ] || echo $name; done; cd -; rm -rf x"))
                    .as("blobs of %s whose name is not their digest", archive)
                    .isEqualTo(project.folder().toString());
        }
        assertThat(
                        host(
                                project,
                                "cd layout/blobs/sha256; sha256sum * | while read s n; do [ $s = $n ]; done; cat * | grep -ac tar+zstd"))
                .isEqualTo("1");
        assertThat(host(project, "tar xOf plain.tar blobs/sha256/" + manifest(project, "plain.tar")))
                .contains("\"annotations\":{\"org.example\":\"value\"}", "layer.v1.tar\"");
        assertThat(Files.readString(project.path("meta.json")))
                .contains(
                        "\"containerimage.config.digest\": \"" + config + "\"",
                        "\"containerimage.digest\": \"sha256:" + manifest(project, "oci.tar") + "\"",
                        "\"image.name\": \"docker.io/library/app:1\"");
        assertThat(daemon.wherry("image", "inspect", "app:1").exitCode())
                .as("no image is stored")
                .isEqualTo(1);
    }

    private static String manifest(Project project, String archive) throws Exception {
        return host(project, "tar xOf " + archive + " index.json | grep -o 'digest\":\"sha256:[0-9a-f]*' | head -n 1")
                .replaceFirst(".*:", "");
    }

    @Test
    void imageIsStoredWhenItIsOneOfTheOutputs() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN echo 2 > /x\n");

        project.build("-t", "one", "-o", "type=image,name=two", "-o", "type=tar,dest=x.tar")
                .ok();
        project.build("-t", "three", "-o", "out", "--load").ok();

        assertThat(daemon.wherry("image", "inspect", "-f", "{{.RepoTags}}", "two")
                        .ok()
                        .line())
                .isEqualTo("[one:latest three:latest two:latest]");
    }

    @Test
    void fileThatIsThereStaysWhenTheBuildFails() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nRUN false\n")
                .file("x.tar", "old")
                .file("meta.json", "old");

        project.build("-o", "type=tar,dest=x.tar", "--metadata-file", "meta.json")
                .exits(1);

        assertThat(project.path("x.tar")).hasContent("old");
        assertThat(project.path("meta.json")).doesNotExist();
        try (var files = Files.list(project.folder())) {
            assertThat(files).as("nothing half written").hasSize(2);
        }
    }
}

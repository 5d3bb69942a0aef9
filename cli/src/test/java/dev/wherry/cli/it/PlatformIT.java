package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images for several platforms: how they are built, and how commands choose one of them. The host is amd64 or arm64. */
class PlatformIT {

    private static final String HOST = System.getProperty("os.arch").equals("aarch64") ? "linux/arm64" : "linux/amd64";
    /** No host of the tests runs its programs, with or without an emulator. */
    private static final String OTHER = "linux/mips64le";

    private static final String BOTH = OTHER + "," + HOST;

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void begin() throws Exception {
        Busybox.importInto(daemon);
    }

    /** Compiles on the host's platform, for each target. */
    private static Project cross() throws Exception {
        return Project.of(daemon, """
            FROM --platform=$BUILDPLATFORM busybox AS tools
            RUN cat /proc/sys/kernel/random/uuid > /once
            FROM tools AS build
            ARG TARGETPLATFORM TARGETOS TARGETARCH
            RUN echo $TARGETPLATFORM $TARGETOS $TARGETARCH > /target
            FROM scratch
            COPY --from=tools /once /
            COPY --from=build /target /
            ENV A=b
            """);
    }

    private static String image(String name, String platform, String template) {
        return daemon.wherry("image", "inspect", "--platform", platform, "-f", template, name)
                .ok()
                .line();
    }

    @Test
    void severalPlatformsAreOneReference() throws Exception {
        Project project = cross();
        Outcome build = project.build("--platform", BOTH, "-t", "multi").ok();

        assertThat(build.stderr()).contains("[" + OTHER + " stage-2 2/4] COPY --from=tools /once /");
        assertThat(build.stderr()).contains("[" + HOST + "->mips64le build 2/3] ARG");
        assertThat(image("multi", OTHER, "{{.Os}}/{{.Architecture}}")).isEqualTo(OTHER);
        for (String platform : List.of(OTHER, HOST)) {
            assertThat(daemon.wherry("image", "cat", "--platform", platform, "multi:/target")
                            .ok()
                            .line())
                    .startsWith(platform + " ");
            assertThat(daemon.wherry("image", "ls-files", "--platform", platform, "multi")
                            .ok()
                            .stdout())
                    .contains("/target");
        }
        assertThat(image("multi", HOST, "{{.Os}}/{{.Architecture}}")).isEqualTo(HOST);
        assertThat(project.inspect("multi", "{{.Os}}/{{.Architecture}} {{len .Manifests}} {{.RepoTags}}"))
                .isEqualTo(HOST + " 2 [multi:latest]");
        assertThat(daemon.wherry("images", "multi", "--format", "{{.ID}}")
                        .ok()
                        .stdout()
                        .lines())
                .hasSize(1);
        assertThat(daemon.wherry("images", "--tree", "multi").ok().stdout().lines())
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("IMAGE ").contains("CONTENT SIZE"),
                        image -> assertThat(image).startsWith("multi:latest "),
                        other -> assertThat(other).startsWith("├─ " + OTHER + " "),
                        host -> assertThat(host).startsWith("└─ " + HOST + " "));
        assertThat(daemon.wherry("image", "inspect", "--platform", "linux/s390x", "multi")
                        .refuses(1))
                .contains("image with reference multi was found but does not provide the specified platform"
                        + " (linux/s390x)");
        assertThat(daemon.wherry("history", "--platform", OTHER, "-q", "multi")
                        .ok()
                        .stdout())
                .startsWith(image("multi", OTHER, "{{.Id}}").substring("sha256:".length(), "sha256:".length() + 12));

        assertThat(daemon.wherry("rmi", "--platform", OTHER, "multi").ok().stdout())
                .startsWith("Deleted: ");
        assertThat(project.inspect("multi", "{{.Os}}/{{.Architecture}}")).isEqualTo(HOST);
        daemon.wherry("rmi", "multi").ok();
        assertThat(daemon.wherry("images", "-q", "multi").ok().stdout()).isEmpty();
        assertThat(Holdings.wrong(daemon)).isEmpty();
    }

    @Test
    void filesOfEachPlatformComeIntoAFolder() throws Exception {
        Project project = cross();
        project.build("--platform", BOTH, "-o", "out").ok();
        Path other = project.path("out/linux_mips64le");
        Path host = project.path("out/" + HOST.replace('/', '_'));
        assertThat(Files.readString(other.resolve("target"))).isEqualTo(OTHER + " linux mips64le\n");
        assertThat(Files.readString(host.resolve("target"))).startsWith(HOST + " linux ");
        assertThat(other.resolve("once"))
                .as("the step that both need ran once")
                .hasSameTextualContentAs(host.resolve("once"));
    }

    @Test
    void layoutHasAnIndexOfAllPlatforms() throws Exception {
        Project project = cross();
        project.build("--platform", BOTH, "-o", "type=oci,dest=layout,tar=false,name=multi:1")
                .ok();
        String top = Files.readString(project.path("layout/index.json"));
        assertThat(top).contains("application/vnd.oci.image.index.v1+json", "docker.io/library/multi:1");
        String digest = all(top, "\"digest\":\"sha256:([0-9a-f]+)\"").getFirst();
        assertThat(all(Files.readString(project.path("layout/blobs/sha256/" + digest)), "\"architecture\":\"(\\w+)\""))
                .isEqualTo(List.of("mips64le", HOST.substring("linux/".length())));
        assertThat(project.build("--platform", BOTH, "-o", "type=docker,dest=x.tar")
                        .refuses(1))
                .contains("a docker archive holds an image for one platform only");
    }

    private static List<String> all(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void containerIsCreatedFromTheImageOfAPlatform() throws Exception {
        Project project = cross();
        project.build("--platform", BOTH, "-t", "created", "--label", "its=own").ok();
        String id = daemon.wherry("create", "--platform", OTHER, "created", "/x")
                .ok()
                .line();
        assertThat(daemon.wherry("inspect", "-f", "{{.Image}}", id).ok().line())
                .isEqualTo(image("created", OTHER, "{{.Id}}"));
        assertThat(daemon.wherry("rmi", "created").refuses(1)).contains("is using it");
        assertThat(daemon.wherry("create", "--pull", "never", "--platform", "linux/s390x", "created", "/x")
                        .refuses(1))
                .contains("does not provide the specified platform (linux/s390x)");
        daemon.wherry("rm", id).ok();
        daemon.wherry("rmi", "created").ok();
    }

    @Test
    void processForAnotherProcessorSaysWhatToInstall() throws Exception {
        Project project = Project.of(daemon, "FROM scratch\nCOPY program /program\nRUN [\"/program\"]\n");
        // The header of an ELF program for MIPS, and nothing else.
        byte[] header = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, header, 0, 7);
        header[16] = 2;
        header[18] = 8;
        header[20] = 1;
        Files.write(project.path("program"), header);
        assertThat(project.path("program").toFile().setExecutable(true)).isTrue();
        assertThat(project.build("--platform", OTHER).refuses(1))
                .contains("made for another processor", "FROM --platform=$BUILDPLATFORM");
    }
}

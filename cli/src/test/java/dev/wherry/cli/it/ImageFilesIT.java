package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Looking into images without a container: {@code image ls-files}, {@code cat}, {@code diff} and {@code tree}. */
class ImageFilesIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void images() throws Exception {
        Busybox.importInto(daemon);
        Project project = Project.of(daemon, """
                FROM busybox
                RUN mkdir -p /app /data && printf 'one\\ntwo\\n' > /app/text && head -c 100000 /dev/zero > /data/big && ln -s /app/text /link
                ARG TWO=2
                RUN printf 'one\\n%s\\n' $TWO > /app/text && chown 5:6 /app/text && chmod 4750 /app/text && rm /data/big && ln -s ../../../../../etc/passwd /data/out
                LABEL version=$TWO
                CMD ["cat", "/app/text"]
                """);
        project.build("-t", "app:1").ok();
        project.build("-t", "app:2", "--build-arg", "TWO=zwei").ok();
    }

    @Test
    void filesAreListedWithTheLayerThatBroughtThem() {
        assertThat(daemon.wherry(
                                "image",
                                "ls-files",
                                "--format",
                                "{{.Mode}} {{.UID}}:{{.GID}} {{.Size}} {{.Layer}} {{.Path}} {{.Link}}",
                                "app:1",
                                "/app")
                        .ok()
                        .line())
                .isEqualTo("-rwsr-x--- 5:6 6 3 /app/text");
        assertThat(daemon.wherry("image", "ls-files", "--layer", "app:1@2", "/data")
                        .ok()
                        .line())
                .matches("-rw-r--r-- +0:0 +100000 [0-9-]{10} [0-9:]{5} +2 /data/big");
        assertThat(daemon.wherry("image", "ls-files", "-d", "1", "--format", "{{.Path}}", "app:1")
                        .ok()
                        .stdout()
                        .lines())
                .contains("/app", "/bin", "/link")
                .doesNotContain("/app/text");
        assertThat(daemon.wherry("image", "ls-files", "--format", "json", "app:1", "/link")
                        .ok()
                        .line())
                .contains("\"Link\":\"/app/text\"", "\"Instruction\":\"RUN /bin/sh -c mkdir");
        assertThat(daemon.wherry("image", "ls-files", "app:1", "/nothing").refuses(1))
                .isEqualTo("wherry: no file /nothing in image app:1");
        assertThat(daemon.wherry("image", "ls-files", "app:1@9").refuses(1))
                .isEqualTo("wherry: image app:1 has 3 layers, and no layer 9");
    }

    @Test
    void filesArePrintedAndLinksStayInside() {
        assertThat(daemon.wherry("image", "cat", "app:1:/link", "app:1@2:/link")
                        .ok()
                        .stdout())
                .isEqualTo("one\n2\none\ntwo\n");
        assertThat(daemon.wherry("image", "cat", "app:1:/data/out").ok().stdout())
                .as("the file of the image, not of the host")
                .isEqualTo("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n");
        assertThat(daemon.wherry("image", "cat", "app:1:/app").refuses(1))
                .isEqualTo("wherry: /app in image app:1 is a folder");
        assertThat(daemon.wherry("image", "cat", "app:1").refuses(1)).contains("write IMAGE:/PATH");
        assertThat(daemon.wherry("image", "cat", "none:/x").refuses(1)).contains("none");
    }

    @Test
    void imagesAreComparedInSettingsFilesAndText() {
        String found = daemon.wherry("image", "diff", "app:1", "app:2").ok().stdout();

        assertThat(found)
                .startsWith("Config\n~ Labels version: 2 -> zwei\n")
                .contains("\nLayer 3: RUN")
                .contains("~ -rwsr-x---   5:6   9B   /app/text  (was 6B)\n")
                .endsWith("0 added, 1 changed, 0 removed, +3B; the images share 2 layers\n");
        assertThat(daemon.wherry("image", "diff", "--content", "/app/text", "app:1", "app:2")
                        .ok()
                        .stdout())
                .isEqualTo("""
                        --- app:1:/app/text
                        +++ app:2:/app/text
                        @@ -1,2 +1,2 @@
                         one
                        -2
                        +zwei
                        """);
        assertThat(daemon.wherry("image", "diff", "app:1", "app:1").ok().stdout())
                .isEqualTo("No file differs; the images share 3 layers\n");
    }

    @Test
    void aFileThatOneImageLacksIsEmptyThere() {
        assertThat(daemon.wherry("image", "diff", "--content", "/app/text", "app:1@2")
                        .ok()
                        .stdout())
                .startsWith("--- /dev/null\n+++ app:1@2:/app/text\n")
                .endsWith("\n+one\n+two\n");
        assertThat(daemon.wherry("image", "diff", "--content", "/none", "app:1", "app:2")
                        .refuses(1))
                .isEqualTo("wherry: image diff: neither app:1 nor app:2 has a file /none");
    }

    @Test
    void aLayerIsComparedWithWhatIsBelowIt() {
        String found = daemon.wherry("image", "diff", "app:1@3").ok().stdout();

        assertThat(found.lines()
                        .filter(line ->
                                !line.startsWith("Layer") && (line.contains("/data") || line.contains("/app/text"))))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("- ") && line.contains("/data/big"))
                .anyMatch(line -> line.startsWith("+ l") && line.contains("/data/out -> ../../../../../etc/passwd"))
                .anyMatch(line -> line.endsWith("/app/text  (was 8B, was -rw-r--r--, was 0:0)"));
        assertThat(daemon.wherry("image", "diff", "app:1").refuses(1)).contains("app:1@1");
    }

    @Test
    @SuppressWarnings("unchecked")
    void wasteIsFoundWithItsReason() throws Exception {
        assertThat(daemon.wherry("image", "tree", "app:1").ok().stdout())
                .contains("LAYER", "FOLDER", "/app")
                .contains("100kB    1        /data/big")
                .contains("written in layer 2, removed in layer 3")
                .contains(" in 3 layers, 100kB (");
        Map<String, Object> json = new com.fasterxml.jackson.databind.ObjectMapper()
                .readValue(
                        daemon.wherry("image", "tree", "--format", "json", "app:1")
                                .ok()
                                .stdout(),
                        Map.class);
        assertThat(json).containsEntry("wasted", 100_008);
        assertThat((List<Map<String, Object>>) json.get("wastedFiles"))
                .extracting(file -> file.get("path"))
                .containsExactly("/data/big", "/app/text");
    }
}

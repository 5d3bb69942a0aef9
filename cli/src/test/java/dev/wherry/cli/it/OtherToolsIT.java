package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images that skopeo and umoci read from us, and we from them; both check every digest and diff ID. */
class OtherToolsIT {

    @RegisterExtension
    @Order(1)
    static final Registry registry = new Registry();

    @RegisterExtension
    @Order(2)
    static final Daemon daemon = new Daemon();

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
        return output;
    }

    private static void skopeoCopy(String from, String to) throws Exception {
        run("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", from, to);
    }

    private static List<String> unpacked(Path layout, String tag) throws Exception {
        Path bundle = daemon.home().resolve("bundle-" + layout.getFileName());
        run("umoci", "unpack", "--image", layout + ":" + tag, bundle.toString());
        Path root = bundle.resolve("rootfs");
        assertThat(root.resolve("dir/gone")).doesNotExist();
        assertThat(root.resolve("opaque")).isDirectoryContaining("glob:**/new").isDirectoryNotContaining("glob:**/old");
        List<String> command = new ArrayList<>(List.of("stat", "-c", "%a %u:%g %h %s %N"));
        for (String file : List.of("dir/tool", "hard", "soft", "dir")) {
            command.add(file);
        }
        command.addAll(0, List.of("env", "-C", root.toString(), "LC_ALL=C"));
        return run(command.toArray(String[]::new))
                .lines()
                .map(line -> line.replace("4096 ", ""))
                .toList();
    }

    @Test
    void whatIsPushedAndSavedIsValidToThem() throws Exception {
        Busybox.importInto(daemon);
        String name = registry.host() + "/tools:1";
        Project.of(daemon, """
            FROM busybox
            RUN mkdir dir opaque && echo tool > dir/tool && ln dir/tool hard && ln -s dir/tool soft \\
                && chown 3000000:5 dir/tool && chmod 4751 dir/tool && touch dir/gone opaque/old
            RUN rm -r dir/gone opaque && mkdir opaque && touch opaque/new
            """).build("-t", name).ok();
        List<String> expected = List.of(
                "4751 3000000:5 2 5 'dir/tool'", "4751 3000000:5 2 5 'hard'", "777 0:0 1 8 'soft' -> 'dir/tool'");

        daemon.wherry("push", name).ok();
        Path copied = daemon.home().resolve("copied");
        skopeoCopy("docker://" + name, "oci:" + copied + ":one");
        assertThat(unpacked(copied, "one")).startsWith(expected.toArray(String[]::new));

        Path saved = daemon.home().resolve("saved");
        daemon.wherry("save", "--format", "oci", "-o", saved + "/", name).ok();
        Path again = daemon.home().resolve("again");
        String tag = run("umoci", "ls", "--layout", saved.toString()).strip();
        skopeoCopy("oci:" + saved + ":" + tag, "oci:" + again + ":one");
        assertThat(unpacked(again, "one")).startsWith(expected.toArray(String[]::new));
    }

    @Test
    void whatTheyWriteIsLoadedAndPulled() throws Exception {
        Path layout = daemon.home().resolve("made");
        Path bundle = daemon.home().resolve("bundle");
        String image = layout + ":made";
        run("umoci", "init", "--layout", layout.toString());
        run("umoci", "new", "--image", image);
        run("umoci", "unpack", "--image", image, bundle.toString());
        Path root = bundle.resolve("rootfs");
        Files.createDirectories(root.resolve("etc/old"));
        Files.writeString(root.resolve("etc/motd"), "first");
        run("umoci", "repack", "--image", image, bundle.toString());
        Files.writeString(root.resolve("etc/motd"), "second");
        Files.delete(root.resolve("etc/old"));
        run("umoci", "repack", "--image", image, bundle.toString());
        run("umoci", "config", "--image", image, "--config.env", "A=b");

        // The name in the layout is a tag alone, which names no image.
        String loaded = daemon.wherry("load", "-i", layout.toString()).ok().line();
        assertThat(loaded).startsWith("Loaded image ID: sha256:");
        String pulled = registry.host() + "/made:1";
        skopeoCopy("oci:" + image, "docker://" + pulled);
        daemon.wherry("pull", pulled).ok();
        for (String name : List.of(loaded.substring("Loaded image ID: ".length()), pulled)) {
            assertThat(daemon.wherry("image", "cat", name + ":/etc/motd").ok().stdout())
                    .isEqualTo("second");
            assertThat(daemon.wherry("image", "ls-files", name, "/etc").ok().stdout())
                    .doesNotContain("old");
            assertThat(daemon.wherry("image", "inspect", "-f", "{{.Config.Env}}", name)
                            .ok()
                            .stdout())
                    .contains("A=b");
        }
    }
}

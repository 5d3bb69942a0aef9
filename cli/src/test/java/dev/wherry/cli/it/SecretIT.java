package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Secrets and SSH agents of the client: a step has them, and nothing else ever does. */
class SecretIT {

    /** Not in one piece in any file of the test's own, so that only the daemon could have written it. */
    private static final String SECRET = "s3cr3t" + "-0f-th3-" + "cl13nt";

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    private static Project project(String... lines) throws IOException {
        return Project.of(daemon, "FROM busybox\n" + String.join("\n", lines) + "\n");
    }

    private static String secretFile() throws IOException {
        Path folder = Files.createTempDirectory("wherry-secret-");
        folder.toFile().deleteOnExit();
        Path file = Files.writeString(folder.resolve("token"), SECRET);
        file.toFile().deleteOnExit();
        return file.toString();
    }

    /** Files under the daemon's folders in which the secret is, also where it was deleted from the database. */
    private static List<String> leaks() throws Exception {
        Process grep = new ProcessBuilder(
                        "grep",
                        "-rlaF",
                        "-e",
                        SECRET,
                        daemon.root().toString(),
                        daemon.runRoot().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String found = new String(grep.getInputStream().readAllBytes());
        grep.waitFor();
        return found.lines().toList();
    }

    @Test
    void aSecretIsAFileOrAVariableOfItsStepAlone() throws Exception {
        Project project = project(
                "RUN --mount=type=secret,id=token sha256sum /run/secrets/token > /sum;"
                        + " stat -c '%a %u:%g' /run/secrets/token >> /sum",
                "RUN --mount=type=secret,id=token,target=/etc/deep/er/t,mode=0440,uid=3,gid=4"
                        + " stat -c '%a %u:%g' /etc/deep/er/t >> /sum; ! touch /etc/deep/er/t; ! echo x > /etc/deep/er/t",
                "RUN --mount=type=secret,id=token,env=TOKEN test ! -e /run/secrets/token"
                        + " && echo -n $TOKEN | sha256sum >> /sum",
                "RUN test -z \"$TOKEN\" && test ! -e /run/secrets && test ! -e /etc/deep");

        String id = project.id("--secret", "id=token,src=" + secretFile());

        List<String> lines = project.shell(id, "cat /sum").lines().toList();
        assertThat(lines.get(1)).isEqualTo("400 0:0");
        assertThat(lines.get(2)).isEqualTo("440 3:4");
        assertThat(lines.get(3).split(" ")[0]).isEqualTo(lines.get(0).split(" ")[0]);
        assertThat(project.shell(id, "ls -A /run /etc/deep 2>&1; true")).doesNotContain("secrets");
        assertThat(leaks()).isEmpty();
        assertThat(daemon.log()).doesNotContain(SECRET);
        assertThat(daemon.wherry("history", "--no-trunc", id).ok().stdout()).doesNotContain(SECRET);
    }

    @Test
    void whatAStepWithSecretsWritesIsShownAndNotKept() throws Exception {
        Project project = project("RUN --mount=type=secret,id=token cat /run/secrets/token");

        Outcome build = project.build("--secret", "id=token,src=" + secretFile());

        assertThat(build.ok().stderr()).contains(SECRET);
        assertThat(daemon.wherry("builder", "history", "logs").ok().stdout()).contains("is not kept");
        assertThat(leaks()).isEmpty();
    }

    @Test
    void anotherContentOfASecretIsNoReasonToRunAgain() throws Exception {
        Project project = project("RUN --mount=type=secret,id=x test -s /run/secrets/x");
        Path file = project.path("../x-" + project.folder().getFileName()).normalize();
        Files.writeString(file, "one");
        project.build("--secret", "id=x,src=" + file).ok();
        Files.writeString(file, "two");

        assertThat(Project.steps(project.build("--secret", "id=x,src=" + file).ok()))
                .allMatch(step -> step.startsWith("CACHED"));
        assertThat(Project.steps(project.build().ok())).allMatch(step -> step.startsWith("CACHED"));
    }

    @Test
    void aMissingSecretMattersOnlyWhereItIsRequired() throws Exception {
        project("RUN --mount=type=secret,id=x test ! -e /run/secrets/x").build().ok();
        assertThat(project("RUN --mount=type=secret,id=x,required true").build().refuses(1))
                .contains("Dockerfile:2", "secret \"x\" was not given", "the build's secrets");
        assertThat(project("RUN true").build("--secret", "id=x,src=/nope").refuses(1))
                .contains("/nope not found");
        assertThat(project("RUN true").build("--secret", "id=x,env=NOT_SET").refuses(1))
                .contains("NOT_SET is not set");
    }

    @Test
    void aLargeSecretComesWholeAndATooLargeOneIsRefused() throws Exception {
        Path file = daemon.home().resolve("large-secret");
        Files.writeString(file, "x".repeat(500 << 10));
        String id = project("RUN --mount=type=secret,id=x wc -c < /run/secrets/x > /size")
                .id("--secret", "id=x,src=" + file);
        assertThat(daemon.wherry("run", "--rm", id, "cat", "/size").ok().line()).isEqualTo("512000");

        Files.writeString(file, "x".repeat((500 << 10) + 1));
        assertThat(project("RUN --mount=type=secret,id=x true # too large")
                        .build("--secret", "id=x,src=" + file)
                        .refuses(1))
                .contains("larger than 500 KiB");
    }

    @Test
    void nothingOfASecretIsLeftAfterAFailureOrAKilledDaemon() throws Exception {
        project("RUN --mount=type=secret,id=x --mount=type=secret,id=x,env=X exit 3")
                .build("--secret", "id=x,src=" + secretFile())
                .exits(1);
        assertThat(leaks()).isEmpty();

        Project project =
                project("RUN --mount=type=secret,id=x --mount=type=secret,id=x,env=X touch /started; sleep 60");
        Process build = daemon.spawn(project.folder(), "build", "--secret", "id=x,src=" + secretFile(), ".");
        await().atMost(Duration.ofSeconds(20)).until(() -> started(daemon.root().resolve("snapshots")));
        daemon.kill();
        build.waitFor(20, TimeUnit.SECONDS);
        assertThat(leaksOnDisk()).isEmpty();
        daemon.start();
        assertThat(leaks()).isEmpty();
    }

    private static List<String> leaksOnDisk() throws Exception {
        return leaks().stream()
                .filter(file -> !file.startsWith(daemon.runRoot().toString()))
                .toList();
    }

    private static boolean started(Path snapshots) throws IOException {
        try (var files = Files.find(snapshots, 3, (path, attributes) -> path.endsWith("started"))) {
            return files.findAny().isPresent();
        } catch (java.io.UncheckedIOException changing) {
            return false;
        }
    }

    @Test
    void anAgentIsForwardedAndItsKeysStay() throws Exception {
        Path key = daemon.home().resolve("key");
        Files.deleteIfExists(key);
        sh("ssh-keygen -q -t ed25519 -N '' -C wherry-test -f " + key);
        // The program of the host, with its libraries, since busybox has no SSH.
        Project project = project(
                "COPY tools /",
                "RUN --mount=type=ssh stat -c '%a %u:%g' $SSH_AUTH_SOCK > /out && ssh-add -l >> /out"
                        + " && ! ssh-add -D && ssh-add -l >> /out",
                "RUN --mount=type=ssh,id=other,target=/tmp/agent,mode=0666,uid=65534"
                        + " test -z \"$(ls /run/buildkit 2>/dev/null)\" && echo $SSH_AUTH_SOCK >> /out && ssh-add -L >> /out",
                "RUN test -z \"$SSH_AUTH_SOCK\" && test ! -e /run/buildkit");
        sh("for f in /usr/bin/ssh-add $(ldd /usr/bin/ssh-add | grep -o '/[^ ]*'); do mkdir -p " + project.path("tools")
                + "$(dirname $f) && cp $f " + project.path("tools") + "$f; done");
        List<String> agent = output("ssh-agent -s").lines().toList();
        String socket = agent.get(0).replaceAll("SSH_AUTH_SOCK=([^;]*);.*", "$1");
        String pid = agent.get(1).replaceAll("SSH_AGENT_PID=([^;]*);.*", "$1");
        try {
            sh("SSH_AUTH_SOCK=" + socket + " ssh-add -q " + key);

            String id = project.id("--ssh", "default=" + socket, "--ssh", "other=" + key);

            List<String> out = project.shell(id, "cat /out").lines().toList();
            assertThat(out.get(0)).isEqualTo("600 0:0");
            assertThat(out.get(1)).contains("wherry-test");
            assertThat(out.get(2)).as("a step cannot remove keys").isEqualTo(out.get(1));
            assertThat(out.get(3)).isEqualTo("/tmp/agent");
            assertThat(out.get(4)).startsWith("ssh-ed25519 ");
            String secret = Files.readAllLines(key).get(2);
            assertThat(output("grep -rlaF -e '" + secret + "' " + daemon.root() + " " + daemon.runRoot() + " || true"))
                    .isEmpty();
        } finally {
            sh("kill " + pid);
        }
    }

    @Test
    void aMissingAgentMattersOnlyWhereItIsRequired() throws Exception {
        project("RUN --mount=type=ssh test -z \"$SSH_AUTH_SOCK\"").build().ok();
        assertThat(project("RUN --mount=type=ssh,required true").build().refuses(1))
                .contains("Dockerfile:2", "SSH agent \"default\" was not given");
        assertThat(project("RUN true").build("--ssh", "default=/nope").refuses(1))
                .contains("/nope not found");
    }

    private static void sh(String script) throws Exception {
        output(script);
    }

    private static String output(String script) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-ec", script));
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(shell.getInputStream().readAllBytes());
        assertThat(shell.waitFor()).as(script).isZero();
        return text;
    }
}

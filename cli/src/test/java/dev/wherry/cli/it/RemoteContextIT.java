package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builds of a client that sees other files than the daemon, and so has to send its own. */
class RemoteContextIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void sentFilesAreTheSameAsReadOnes() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nCOPY --chown=1:2 . /c/\nRUN ls /c\n")
                .file("a/b/c.txt", "deep")
                .file("large", "0123456789".repeat(300_000))
                .file("empty", "")
                .file("odd \"name\"\n", "odd");
        Files.createSymbolicLink(project.path("link"), Path.of("/no where"));
        Files.createDirectories(project.path("empty-dir"));
        Host.sh(project.folder(), "chmod 4750 large; chmod 1777 empty-dir; printf x > \"$(printf '\\377\\376')\"");
        String local = project.id();

        Outcome remote = project.buildElsewhere(daemon, "--progress", "plain").ok();

        assertThat(Project.steps(remote)).allMatch(step -> step.startsWith("CACHED"));
        assertThat(project.buildElsewhere(daemon, "-q").ok().line()).isEqualTo(local);
        String sent = project.buildElsewhere(daemon, "-q", "--no-cache").ok().line();
        String files = "find /c ! -path /c -exec stat -c '%n %a %u:%g %s %Y' {} + ; find /c -type f -exec md5sum {} +";
        assertThat(project.shell(sent, files))
                .isEqualTo(project.shell(local, files))
                .contains("/c/large 4750 1:2 3000000");
    }

    @Test
    void onlyChangedFilesAreSentAgain() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nCOPY . /c/\n")
                .file("kept", "kept")
                .file("changed", "one");
        project.buildElsewhere(daemon, "-q").ok();
        FileTime time = Files.getLastModifiedTime(project.path("kept"));

        // By its stat this one did not change, so that it is not sent; the daemon knows the former content only.
        project.file("kept", "KEPT").file("changed", "two").file("new", "new");
        Files.setLastModifiedTime(project.path("kept"), time);
        String id = project.buildElsewhere(daemon, "-q").ok().line();

        assertThat(project.shell(id, "cat /c/kept /c/changed /c/new")).isEqualTo("kepttwonew");

        Files.delete(project.path("changed"));
        assertThat(project.shell(project.buildElsewhere(daemon, "-q").ok().line(), "ls /c"))
                .isEqualTo("Dockerfile\nkept\nnew");
    }

    @Test
    void ignoredFilesAreNotSent() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nCOPY . /c/\n")
                .file(".dockerignore", "*\n!seen\n!dir/seen\n")
                .file("secret", "s3cr3t")
                .file("seen", "")
                .file("dir/seen", "")
                .file("dir/secret", "s3cr3t")
                .file("other/secret", "s3cr3t");

        String id = project.buildElsewhere(daemon, "-q").ok().line();

        assertThat(project.shell(id, "cd /c; find . -type f | sort")).isEqualTo("./dir/seen\n./seen");
        try (Stream<Path> files = Files.walk(daemon.root().resolve("contexts"))) {
            assertThat(files.filter(file -> file.endsWith("secret"))).isEmpty();
        }
    }

    @Test
    void dockerfileMayLieOutsideAndMayNotBeThere() throws Exception {
        Project project = Project.of(daemon, "FROM busybox\nCOPY f /\n").file("f", "1");
        Path outside = Files.writeString(daemon.home().resolve("Remote"), "FROM busybox\nCOPY f /outside\n");

        String id = project.buildElsewhere(daemon, "-q", "-f", outside.toString())
                .ok()
                .line();

        assertThat(project.shell(id, "cat /outside")).isEqualTo("1");
        Files.delete(project.path("Dockerfile"));
        assertThat(project.buildElsewhere(daemon).exits(1).stderr())
                .contains("Dockerfile")
                .contains("not found");
        Files.delete(outside);
    }

    @Test
    void contentOfAnotherContextArrivesWhole() throws Exception {
        String large = "many bytes ".repeat(20_000);
        Project first = Project.of(daemon, "FROM busybox\nCOPY large /\n").file("large", large);
        first.buildElsewhere(daemon, "-q").ok();
        Project second = Project.of(daemon, "FROM busybox\nCOPY moved /\n").file("moved", large);

        String id = second.buildElsewhere(daemon, "-q").ok().line();

        assertThat(second.shell(id, "md5sum </moved")).isEqualTo(second.shell(id, "cat /moved | md5sum"));
        assertThat(second.shell(id, "wc -c </moved")).isEqualTo("220000");
    }

    @Test
    void secretsStayWithTheClientUntilAStepNeedsThem() throws Exception {
        Project project = Project.of(
                        daemon, "FROM busybox\nRUN --mount=type=secret,id=s cat /run/secrets/s | md5sum > /sum\n")
                .file("context", "1");
        Path secret = Files.writeString(daemon.home().resolve("remote-secret"), "s3cr3t");

        String id = project.buildElsewhere(daemon, "-q", "--secret", "id=s,src=" + secret)
                .ok()
                .line();

        assertThat(project.shell(id, "cat /sum")).isEqualTo(project.shell(id, "printf s3cr3t | md5sum"));
    }

    @Test
    void aFolderGetsWhatItLacks() throws Exception {
        Project project = Project.of(daemon, "FROM scratch\nCOPY kept changed /\nCOPY kept changed /d/\n")
                .file("kept", "kept")
                .file("changed", "one");
        Path out = daemon.home().resolve("remote-out");
        project.buildElsewhere(daemon, "-q", "-o", out.toString()).ok();
        Object inode = Files.getAttribute(out.resolve("d/kept"), "unix:ino");
        Files.writeString(out.resolve("own"), "stays");
        project.file("changed", "two");

        project.buildElsewhere(daemon, "-q", "-o", out.toString()).ok();

        assertThat(out.resolve("changed")).hasContent("two");
        assertThat(out.resolve("d/changed")).hasContent("two");
        assertThat(out.resolve("own")).hasContent("stays");
        assertThat(Files.getAttribute(out.resolve("d/kept"), "unix:ino")).isEqualTo(inode);
    }
}

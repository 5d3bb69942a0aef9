package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ADD} of archives, by real builds. */
class AddIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    private static void run(Path folder, String... command) throws Exception {
        assertThat(new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    /** A project with an archive {@code a.tar} of {@code d/f} and {@code su}, and what it is compressed to. */
    private static Project project(String dockerfile) throws Exception {
        Project project =
                Project.of(daemon, dockerfile).file("src/d/f", "content\n").file("src/su", "su\n");
        run(project.path("src"), "sh", "-c", "chmod 4711 su && chown 7:8 su && chmod 4711 su && ln -s d/f link");
        run(project.folder(), "tar", "-cf", "a.tar", "-C", "src", ".");
        return project;
    }

    @Test
    void archivesOfEveryKindAreUnpacked() throws Exception {
        Project project = project("""
                FROM busybox
                ADD a.tar /tar/
                ADD a.tar.gz a.tar.xz /all/
                ADD renamed /renamed
                RUN cat /tar/d/f /all/d/f /renamed/link && stat -c '%a %u:%g' /tar/su /all/su
                """);
        run(project.folder(), "sh", "-c", "gzip -k a.tar && xz -k a.tar && cp a.tar.gz renamed");

        assertThat(project.build().ok().stderr())
                .containsPattern("content\n.*content\n.*content\n")
                .containsPattern("4711 7:8\n.*4711 7:8\n");
    }

    @Test
    void onlyAddUnpacksAndOnlyWhatIsAnArchive() throws Exception {
        Project project = project("""
                FROM busybox
                COPY a.tar /copied/
                ADD --unpack=false a.tar /whole/
                ADD text.t* folder /rest/
                ADD --chown=5:6 a.tar /owned/
                RUN tar -tf /copied/a.tar && tar -tf /whole/a.tar && cat /rest/text.tar && tar -tf /rest/in.tar
                RUN stat -c '%n %u:%g' /owned /owned/su /owned/d/f
                """);
        project.file("text.tar", "text\n");
        run(project.folder(), "sh", "-c", "mkdir folder && cp a.tar folder/in.tar");

        assertThat(project.build().ok().stderr()).contains("/owned 5:6\n", "/owned/su 5:6\n", "/owned/d/f 5:6\n");
    }

    @Test
    void archivesAreMergedIntoWhatIsThere() throws Exception {
        Project project = project("""
                FROM busybox
                RUN mkdir -p /o/d /o/su && echo kept > /o/d/kept && echo old > /o/d/f && chmod 750 /o
                ADD a.tar /o
                RUN cat /o/d/kept /o/d/f /o/su && stat -c %a /o
                """);

        assertThat(project.build().ok().stderr()).containsPattern("kept\n.*content\n.*su\n.*750\n");
    }

    @Test
    void hostileArchivesAreRefusedInOneLineAndLeaveNothing() throws Exception {
        long before = snapshots();
        List<byte[]> hostile = List.of(
                HostileTar.of(HostileTar.file("f", "x"), HostileTar.file("../../../../escaped", "x")),
                HostileTar.of(HostileTar.file("f", "x"), HostileTar.link("hard", "../../../../etc/passwd")),
                HostileTar.of(HostileTar.file("f", "x"), HostileTar.device("b", 4096, 0)));
        for (byte[] archive : hostile) {
            Project project = Project.of(daemon, "FROM busybox\nADD bad.tar /x/\n");
            Files.write(project.path("bad.tar"), archive);
            assertThat(project.build().refuses(1)).contains("Dockerfile:2", "tar entry");
        }
        assertThat(snapshots()).isEqualTo(before);
    }

    @Test
    void linksOfAnArchiveLeadNowhereOutOfItsFolder() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                ADD links.tar /x/
                RUN cat /x/etc/planted && test ! -e /etc/planted
                """);
        Files.write(
                project.path("links.tar"),
                HostileTar.of(
                        HostileTar.symlink("out", "/etc"),
                        HostileTar.symlink("up", "../../../.."),
                        HostileTar.file("out/planted", "planted\n"),
                        HostileTar.file("up/up/risen", "x")));

        project.build().ok();

        assertThat(Path.of("/etc/planted")).doesNotExist();
        assertThat(Path.of("/risen")).doesNotExist();
    }

    private static long snapshots() throws IOException {
        try (var folders = Files.list(daemon.root().resolve("snapshots"))) {
            return folders.count();
        }
    }
}

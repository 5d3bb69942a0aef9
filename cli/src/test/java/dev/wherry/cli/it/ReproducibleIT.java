package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same inputs give the same image, wherever and whenever it is built; and what does not is found. */
class ReproducibleIT {

    @RegisterExtension
    static final Daemon here = new Daemon();

    @RegisterExtension
    static final Daemon there = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        // Imported at two times: what the base image says of its making must not matter.
        Busybox.importInto(here);
        Path tar = Busybox.tar(here.home());
        there.wherry("import", "--change", "CMD [\"sh\"]", tar.toString(), "busybox")
                .ok();
    }

    private static Project project(Daemon daemon, String dockerfile, Instant written) throws IOException {
        Project project = Project.of(daemon, dockerfile);
        // Made in another order, so that folders list them differently.
        List<String> names = new ArrayList<>(List.of("src/a", "src/b/c", "src/d"));
        if (daemon == there) {
            names = names.reversed();
        }
        for (String name : names) {
            project.file(name, "content of " + name);
            Files.setLastModifiedTime(project.path(name), FileTime.from(written));
        }
        return project;
    }

    private static final String DOCKERFILE = """
            FROM busybox AS tools
            RUN mkdir /t && echo tool > /t/tool && ln /t/tool /t/again
            FROM busybox
            WORKDIR /app
            ARG SOURCE_DATE_EPOCH
            COPY src .
            RUN rm /etc/passwd; hostname > /etc/from; mkdir -p a1/a2; touch a1/a2/f; mkfifo p; env | sort > e
            COPY --from=tools /t /t
            ADD src/a /added
            """;

    @Test
    void twoDaemonsMakeTheSameImageAtDifferentTimes() throws Exception {
        Project one = project(here, DOCKERFILE, Instant.parse("2001-01-01T00:00:00Z"));
        String first =
                one.id("--reproducible", "-o", "type=image", "-o", "type=oci,dest=x.tar", "-o", "type=tar,dest=f.tar");
        long end = Instant.now().getEpochSecond();
        await().until(() -> Instant.now().getEpochSecond() > end);
        Project other = project(there, DOCKERFILE, Instant.now());
        String second = other.id(
                "--reproducible", "-o", "type=image", "-o", "type=oci,dest=x.tar", "-o", "type=tar,dest=f.tar");

        assertThat(second).isEqualTo(first);
        assertThat(other.path("x.tar")).hasSameBinaryContentAs(one.path("x.tar"));
        assertThat(other.path("f.tar")).hasSameBinaryContentAs(one.path("f.tar"));
        assertThat(one.inspect(first, "{{.Created}}")).isEqualTo("1980-01-01T00:00:00Z");
        assertThat(one.shell(first, "stat -c %Y /app/a /app/a1 /app/a1/a2/f /added /t/tool /etc/from | uniq"))
                .isEqualTo("315532800");
    }

    @Test
    void dateOfTheSourcesIsThatOfTheImage() throws Exception {
        Project project = project(here, DOCKERFILE, Instant.now());
        String dated = project.id("--build-arg", "SOURCE_DATE_EPOCH=1500000000");

        assertThat(project.inspect(dated, "{{.Created}}")).isEqualTo("2017-07-14T02:40:00Z");
        assertThat(project.shell(dated, "grep SOURCE_DATE /app/e")).isEqualTo("SOURCE_DATE_EPOCH=1500000000");
        assertThat(Long.parseLong(project.shell(dated, "stat -c %Y /app/e")))
                .as("without rewrite-timestamp files keep their times")
                .isGreaterThan(1500000000L);
        String rewritten =
                project.id("--build-arg", "SOURCE_DATE_EPOCH=1500000000", "-o", "type=image,rewrite-timestamp=true");
        assertThat(project.shell(rewritten, "stat -c %Y /app/e /app/a | uniq")).isEqualTo("1500000000");
        assertThat(project.build("--build-arg", "SOURCE_DATE_EPOCH=yesterday").refuses(1))
                .contains("invalid SOURCE_DATE_EPOCH \"yesterday\"");
        assertThat(project.build("-o", "type=image,rewrite-timestamp=true").refuses(1))
                .contains("needs a date");
    }

    @Test
    void secondBuildNamesTheFirstFileThatDiffers() throws Exception {
        Project project = Project.of(here, """
                FROM busybox AS made
                RUN date +%s > /now && echo same > /other
                FROM busybox
                COPY --from=made /now /copied
                """);

        Outcome build = project.build("--verify", "-t", "never");

        assertThat(build.refuses(1)).isEqualTo("wherry: build: not reproducible: /now differs, Dockerfile:2");
        assertThat(build.stderr())
                .contains(
                        "Dockerfile:2, a stage that is copied from  [made 2/2] RUN date",
                        "  /now: content from byte ",
                        "and 1 other step differs",
                        "hint: ");
        assertThat(here.wherry("image", "inspect", "never").exitCode()).isEqualTo(1);
    }

    @Test
    void whatIsTheSameTwiceIsMade() throws Exception {
        Project project = project(here, DOCKERFILE, Instant.now());

        Outcome build = project.build("--verify", "-t", "verified").ok();

        assertThat(build.stderr()).endsWith(" as verified:latest; a second build gave the same\n");
        assertThat(project.id("--reproducible")).isEqualTo(project.inspect("verified", "{{.Id}}"));
    }

    @Test
    void differencesOfEachKindAreNamed() throws Exception {
        record Case(String command, String difference) {}
        for (Case each : List.of(
                new Case("touch /x-$(date +%s)", "only the first build has it"),
                new Case("touch /m && chmod 6$(($(date +%s) % 8))0 /m", "/m: mode 06"),
                new Case("touch /o && chown $(date +%s) /o", "/o: owner "),
                new Case("touch -d @$(($(date +%s) - 1700000000)) /t", "/t: time "),
                new Case("ln -s $(date +%s) /l", "/l: link to "))) {
            Project project = Project.of(here, "FROM busybox\nRUN " + each.command() + "\n");
            assertThat(project.build("--verify").exits(1).stderr()).contains(each.difference());
        }
    }
}

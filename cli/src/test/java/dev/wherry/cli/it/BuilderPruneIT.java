package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the build cache holds, and how it is kept within bounds. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BuilderPruneIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    @Order(1)
    void diskUsageShowsTheStepsAndWhatTheyTake() throws Exception {
        Project project = project("one", 3);
        String image = project.id();
        assertThat(daemon.wherry("builder", "du").ok().stdout().lines().toList())
                .first()
                .asString()
                .matches("ID +RECLAIMABLE +SIZE +LAST ACCESSED");
        String shared = daemon.wherry("builder", "du").ok().stdout();
        assertThat(shared)
                .containsPattern("(?m)^[0-9a-f]{25} +false +3MB +Less than a second ago$|^[0-9a-f]{25} +false +3MB ");
        assertThat(shared).contains("Shared:\t\t3MB", "Reclaimable:\t0B", "Total:\t\t3MB");

        daemon.wherry("rmi", image).ok();
        String own = daemon.wherry("buildx", "du").ok().stdout();
        assertThat(own).contains("Reclaimable:\t3MB", "Total:\t\t3MB").doesNotContain("Shared:");
        project.id();
        daemon.wherry("rmi", image).ok();
        List<String> steps = rows("{{.Description}}|{{.UsageCount}}|{{.Type}}|{{.Reclaimable}}");
        assertThat(steps)
                .containsExactlyInAnyOrder(
                        "WORKDIR /one|1|regular|true",
                        "RUN head -c 3000000 /dev/urandom > file|1|regular|true",
                        "RUN touch last|1|regular|true");
        String details = daemon.wherry("builder", "du", "--verbose", "--filter", "description=head")
                .ok()
                .stdout();
        assertThat(details).contains("Mutable:\tfalse", "Size:\t\t3MB", "Usage count:\t1", "Parent:\t\t");
        assertThat(daemon.wherry("builder", "du", "--filter", "colour=red").refuses(1))
                .contains("colour", "type");
    }

    @Test
    @Order(2)
    void pruneTakesTheLongestUnusedFirstAndLeavesWhatMayStay() throws Exception {
        String other = project("two", 2).id();
        daemon.wherry("rmi", other).ok();
        assertThat(rows("{{.Description}}")).hasSize(6);

        assertThat(prune("--filter", "until=1h")).isEqualTo("Total reclaimed space: 0B");
        assertThat(prune("--max-used-space", "3MB")).startsWith("Deleted build cache objects:");
        assertThat(rows("{{.Description}}"))
                .as("the newer")
                .contains("WORKDIR /two", "RUN head -c 2000000 /dev/urandom > file", "RUN touch last")
                .doesNotContain("RUN head -c 3000000 /dev/urandom > file");
        assertThat(prune()).endsWith("Total reclaimed space: 2MB");
        assertThat(rows("{{.ID}}")).isEmpty();
    }

    @Test
    @Order(3)
    void pruneLeavesWhatARunningBuildHolds() throws Exception {
        try (Gate gate = new Gate()) {
            Project project = Project.of(daemon, """
                FROM busybox
                RUN echo kept > /kept
                RUN %s; cat /kept
                """.formatted(gate.command()));
            Running build = daemon.follow(project.folder(), "build", "--progress", "plain", ".");
            gate.awaitArrivals(1);
            daemon.wherry("builder", "prune", "-af").ok();
            assertThat(rows("{{.Description}} {{.Reclaimable}}")).containsExactly("RUN echo kept > /kept false");
            gate.open();
            assertThat(build.end().ok().stderr()).contains(" kept\n");
        }
    }

    @Test
    @Order(4)
    void theDaemonKeepsTheCacheWithinBoundsByItself() throws Exception {
        daemon.stop();
        daemon.variable("WHERRY_BUILDER_GC_RESERVED_SPACE", "2500kB");
        daemon.variable("WHERRY_BUILDER_GC_MAX_USED_SPACE", "1MB");
        daemon.start();
        daemon.wherry("rmi", project("first", 2).id()).ok();
        Project second = project("second", 1);
        daemon.wherry("rmi", second.id()).ok();
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(rows("{{.Description}}"))
                        .contains("RUN head -c 1000000 /dev/urandom > file")
                        .doesNotContain("RUN head -c 2000000 /dev/urandom > file"));
        assertThat(daemon.log()).contains("of the build cache");
        assertThat(Project.steps(second.build())).contains("CACHED WORKDIR /second");
    }

    private static String prune(String... options) {
        List<String> command = new java.util.ArrayList<>(List.of("builder", "prune", "-f"));
        command.addAll(List.of(options));
        return daemon.wherry(command.toArray(String[]::new)).ok().line();
    }

    private static List<String> rows(String format) {
        return daemon.wherry("builder", "du", "--format", format)
                .ok()
                .stdout()
                .lines()
                .toList();
    }

    private static Project project(String name, int megabytes) throws IOException {
        return Project.of(daemon, """
                FROM busybox
                WORKDIR /%s
                RUN head -c %d000000 /dev/urandom > file
                RUN touch last
                """.formatted(name, megabytes));
    }
}

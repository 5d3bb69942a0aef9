package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Builds that run at the same time and need the same steps. Each step waits at a gate, so that both builds are there
 * before it ends, and the gate counts how often the step runs.
 */
class SharedBuildIT {

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private Gate gate;

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @BeforeEach
    void closed() throws IOException {
        gate = new Gate();
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
    }

    @Test
    void aStepOfTwoBuildsRunsOnceAndBothSeeItsOutputFromTheBeginning() throws Exception {
        Running first = build(project("once")).awaitStderr("begin once");
        Running second = build(project("once")).awaitStderr("begin once");
        gate.awaitArrivals(1);
        gate.open();
        Outcome one = first.end().ok();
        Outcome other = second.end().ok();

        assertThat(gate.arrivals()).as("runs of the step").isEqualTo(1);
        assertThat(lines(one)).containsExactly("begin once", "end once");
        assertThat(lines(other)).containsExactly("begin once", "end once");
        assertThat(imageId(other)).isEqualTo(imageId(one));
    }

    @Test
    void interruptOfTheFirstLeavesTheStepToTheSecond() throws Exception {
        Running first = build(project("left")).awaitStderr("begin left");
        Running second = build(project("left")).awaitStderr("begin left");
        gate.awaitArrivals(1);

        assertThat(first.interrupt().end().exitCode()).isEqualTo(130);
        gate.open();

        assertThat(lines(second.end().ok())).containsExactly("begin left", "end left");
        assertThat(gate.arrivals()).as("runs of the step").isEqualTo(1);
    }

    @Test
    void theStepEndsWhenBothAreInterrupted() throws Exception {
        Running first = build(project("ended")).awaitStderr("begin ended");
        Running second = build(project("ended")).awaitStderr("begin ended");
        gate.awaitArrivals(1);

        first.interrupt().end();
        assertThat(gate.isWaiting(0))
                .as("the step runs while one build is left")
                .isTrue();
        assertThat(gate.arrivals()).as("runs of the step").isEqualTo(1);
        second.interrupt().end();

        gate.awaitGone(0);
    }

    @Test
    void aFailureIsReportedByBoth() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                RUN echo tried; %s; exit 9
                """.formatted(gate.command()));
        Running first = build(project).awaitStderr("tried");
        Running second = build(project).awaitStderr("tried");
        gate.awaitArrivals(1);
        gate.open();

        for (Running build : List.of(first, second)) {
            assertThat(build.end().refuses(1)).contains("exit code 9");
        }
        assertThat(gate.arrivals()).as("runs of the step").isEqualTo(1);
    }

    @Test
    void buildsWithoutCacheShareWhatRunsButNotWithOthers() throws Exception {
        Running cached = build(project("fresh")).awaitStderr("begin fresh");
        gate.awaitArrivals(1);
        Running first = build(project("fresh"), "--no-cache").awaitStderr("begin fresh");
        gate.awaitArrivals(2);
        Running second = build(project("fresh"), "--no-cache").awaitStderr("begin fresh");
        gate.open();

        Outcome one = first.end().ok();
        Outcome other = second.end().ok();
        cached.end().ok();
        assertThat(gate.arrivals()).as("runs of the step").isEqualTo(2);
        assertThat(imageId(other)).isEqualTo(imageId(one));
    }

    @Test
    void independentStagesRunAtOnce() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox AS a
                RUN %1$s; echo a > /a
                FROM busybox AS b
                RUN %1$s; echo b > /b
                FROM busybox AS unneeded
                RUN exit 1
                FROM busybox
                COPY --from=a /a /
                COPY --from=b /b /
                """.formatted(gate.command()));
        Running build = build(project);

        gate.awaitArrivals(2);
        assertThat(gate.isWaiting(0)).as("both run at once").isTrue();
        gate.open();
        build.end().ok();
    }

    /** A step that says when it begins and ends, and waits at the gate between. */
    private Project project(String name) throws IOException {
        return Project.of(daemon, """
                FROM busybox
                WORKDIR /app
                RUN echo begin %1$s; %2$s; echo end %1$s
                RUN echo after
                """.formatted(name, gate.command()));
    }

    private static Running build(Project project, String... options) {
        List<String> command = new ArrayList<>(List.of("build", "--progress", "plain"));
        command.addAll(List.of(options));
        command.add(".");
        return daemon.follow(project.folder(), command.toArray(String[]::new));
    }

    private static List<String> lines(Outcome build) {
        return build.stderr()
                .lines()
                .filter(line -> line.matches("#\\d+ [\\d.]+ (begin|end) .*"))
                .map(line -> line.replaceFirst("#\\d+ [\\d.]+ ", ""))
                .toList();
    }

    private static String imageId(Outcome build) {
        return build.stderr().replaceAll("(?s).*Built (sha256:[0-9a-f]{64}).*", "$1");
    }
}

package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builds that run at the same time and need the same steps. */
class SharedBuildIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void aStepOfTwoBuildsRunsOnceAndBothSeeItsOutputFromTheBeginning() throws Exception {
        Process first = build(project("once", 2));
        Thread.sleep(700);
        Process second = build(project("once", 2));
        Outcome one = outcome(first).ok();
        Outcome other = outcome(second).ok();

        assertThat(lines(one)).containsExactly("begin once", "end once");
        assertThat(lines(other)).containsExactly("begin once", "end once");
        assertThat(imageId(other)).isEqualTo(imageId(one));
        assertThat(other.stderr()).as("run once").contains(marker(one));
    }

    @Test
    void interruptOfTheFirstLeavesTheStepToTheSecond() throws Exception {
        Process first = build(project("left", 3));
        Thread.sleep(800);
        Process second = build(project("left", 3));
        Thread.sleep(800);
        interrupt(first);
        assertThat(outcome(first).exitCode()).isEqualTo(130);
        Outcome other = outcome(second).ok();
        assertThat(lines(other)).containsExactly("begin left", "end left");
    }

    @Test
    void theStepEndsWhenBothAreInterrupted() throws Exception {
        Process first = build(project("ended", 7321));
        Process second = build(project("ended", 7321));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> running("sleep 7321"));
        // The second has joined by then.
        Thread.sleep(3000);
        interrupt(first);
        outcome(first);
        assertThat(running("sleep 7321")).as("while one is left").isTrue();
        long start = System.nanoTime();
        interrupt(second);
        outcome(second);
        while (running("sleep 7321") && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5)) {
            Thread.sleep(20);
        }
        assertThat(running("sleep 7321")).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aFailureIsToldToBoth() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox
                RUN echo tried; sleep 1; exit 9
                """);
        Process first = build(project);
        Thread.sleep(300);
        Process second = build(project);
        for (Process process : List.of(first, second)) {
            Outcome outcome = outcome(process);
            assertThat(outcome.refuses(1)).contains("exit code 9");
            assertThat(outcome.stderr()).contains("tried");
        }
    }

    @Test
    void buildsWithoutCacheShareWhatRunsButNotWithOthers() throws Exception {
        Project project = project("fresh", 1);
        outcome(build(project)).ok();
        Process first = build(project, "--no-cache");
        Thread.sleep(400);
        Process second = build(project, "--no-cache");
        Outcome one = outcome(first).ok();
        Outcome other = outcome(second).ok();
        assertThat(lines(one)).containsExactly("begin fresh", "end fresh");
        assertThat(other.stderr()).contains(marker(one));
        assertThat(imageId(other)).isEqualTo(imageId(one));
    }

    @Test
    void independentStagesRunAtOnce() throws Exception {
        Project project = Project.of(daemon, """
                FROM busybox AS a
                RUN sleep 2; echo a > /a
                FROM busybox AS b
                RUN sleep 2; echo b > /b
                FROM busybox AS c
                RUN sleep 2; echo c > /c
                FROM busybox AS unneeded
                RUN exit 1
                FROM busybox AS d
                RUN sleep 2; echo d > /d
                FROM busybox
                COPY --from=a /a /
                COPY --from=b /b /
                COPY --from=c /c /
                COPY --from=d /d /
                """);
        long start = System.nanoTime();
        project.id();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    /** Says when it begins and ends, and something that no other run says. */
    private static Project project(String name, int seconds) throws IOException {
        return Project.of(daemon, """
                FROM busybox
                WORKDIR /app
                RUN echo begin %s; cat /proc/sys/kernel/random/uuid | sed 's/^/run /'; sleep %d; echo end %s
                RUN echo after
                """.formatted(name, seconds, name));
    }

    private static Process build(Project project, String... options) {
        List<String> command = new java.util.ArrayList<>(List.of("build", "--progress", "plain"));
        command.addAll(List.of(options));
        command.add(".");
        return daemon.spawn(project.folder(), command.toArray(String[]::new));
    }

    private static Outcome outcome(Process process) {
        return Outcome.of(List.of("build"), process, LIMIT);
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    private static List<String> lines(Outcome build) {
        return build.stderr()
                .lines()
                .filter(line -> line.matches("#\\d+ [\\d.]+ (begin|end) .*"))
                .map(line -> line.replaceFirst("#\\d+ [\\d.]+ ", ""))
                .toList();
    }

    private static String marker(Outcome build) {
        return build.stderr()
                .lines()
                .filter(line -> line.matches("#\\d+ [\\d.]+ run .*"))
                .map(line -> line.replaceFirst(".* run ", ""))
                .findFirst()
                .orElseThrow();
    }

    private static String imageId(Outcome build) {
        return build.stderr().replaceAll("(?s).*Built (sha256:[0-9a-f]{64}).*", "$1");
    }

    private static boolean running(String command) throws IOException {
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (line.replace('\0', ' ').strip().equals(command)) {
                        return true;
                    }
                } catch (IOException ended) {
                    // It has ended meanwhile.
                }
            }
        }
        return false;
    }
}

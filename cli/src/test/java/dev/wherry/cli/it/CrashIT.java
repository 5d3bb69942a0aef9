package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.app.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The daemon is killed without warning, again and again on one root, in the middle of what users do. Whatever the moment
 * was, the next daemon finds a store in which everything listed works and nothing lies about. The seed is printed;
 * {@code -Dwherry.seed} runs it again, though the moments are never quite the same.
 */
@Isolated("the moments of its kills are those of a machine that does nothing else")
class CrashIT {

    private static final boolean NATIVE = "native".equals(System.getProperty("wherry.mode"));
    /** A daemon on the JVM takes seconds to start. */
    private static final int KILLS = Integer.getInteger("wherry.kills", NATIVE ? 60 : 25);

    private static final int LATEST_KILL_MILLIS = 400;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration SETTLED = Duration.ofSeconds(10);

    @RegisterExtension
    static final Registry registry = new Registry();

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private final long seed = Long.getLong("wherry.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> story = new ArrayList<>();
    private Path tar;

    @Test
    void nothingIsLostAndNothingIsLeftWhenTheDaemonIsKilled() throws Exception {
        System.out.println("CrashIT: -Dwherry.seed=" + seed);
        tar = Busybox.tar(daemon.home());
        registry.push("library/pulled", "latest", tar, "{\"Cmd\": [\"sh\"]}");
        registry.push("library/large", "latest", large(), "{\"Cmd\": [\"sh\"]}");
        assertThat(run("import", tar.toString(), "base").exitCode()).isZero();

        for (int kill = 0; kill < KILLS; kill++) {
            List<String> before = traces();
            List<Thread> operations = new ArrayList<>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                operations.add(Thread.ofPlatform().start(operation()));
            }
            waitForEffect(before);
            // Later ones let operations end, so that there is something to lose.
            Thread.sleep(random.nextInt(random.nextInt(4) == 0 ? 4 * LATEST_KILL_MILLIS : LATEST_KILL_MILLIS));
            daemon.kill();
            for (Thread operation : operations) {
                operation.join(TimeUnit.SECONDS.toMillis(20));
                assertThat(operation.isAlive())
                        .as("a client waits for a dead daemon: %s", story())
                        .isFalse();
            }
            story.add("kill " + (kill + 1));
            daemon.start();
            requireOrder();
            if (kill % 10 == 9) {
                requireListedImagesRun(random.nextInt(4));
            }
        }
        requireListedImagesRun(0);
        requireNothingStaysOfWhatIsRemoved();
    }

    /** A daemon that was just started takes its time: the moments to be hit are those in which something is changed. */
    private static void waitForEffect(List<String> before) throws Exception {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (System.nanoTime() < deadline && traces().equals(before)) {
            Thread.sleep(1);
        }
    }

    private static List<String> traces() throws IOException {
        List<String> traces = new ArrayList<>();
        for (String folder :
                List.of("root/content/ingest", "root/snapshots", "run/runtime", "run/exits", "run/steps")) {
            String[] names = daemon.home().resolve(folder).toFile().list();
            Stream.of(names == null ? new String[0] : names).sorted().forEach(traces::add);
        }
        traces.add(Long.toString(daemon.root().resolve("wherry.db-wal").toFile().lastModified()));
        return traces;
    }

    private Runnable operation() throws IOException {
        int choice = random.nextInt(6);
        String name = "n" + random.nextInt(4);
        List<String> containers = run("ps", "-aq").stdout().lines().toList();
        String container = containers.isEmpty() ? name : containers.get(random.nextInt(containers.size()));
        List<String> command = switch (random.nextInt(12)) {
            case 0, 1, 2 ->
                List.of("build", "-t", "built" + choice, context(choice).toString());
            case 3 -> List.of("pull", registry.host() + "/library/pulled");
            case 4 -> List.of("pull", registry.host() + "/library/large");
            case 5 -> List.of("import", tar.toString(), "imported" + choice);
            case 6 -> List.of("run", "--rm", "base", "sleep", "0." + choice);
            case 7 -> List.of("run", "-d", "--name", name, "base", "sleep", "1000");
            case 8 -> List.of("run", "-d", "base", "sleep", "0." + choice);
            case 9 -> List.of("rm", "-f", container);
            case 10 -> List.of("stop", "-t", "0", container);
            default ->
                choice < 3
                        ? List.of("rmi", "-f", "built" + choice, "imported" + choice)
                        : choice == 3
                                ? List.of("builder", "prune", "-af")
                                : List.of("rmi", "-f", registry.host() + "/library/large");
        };
        story.add(String.join(" ", command));
        return () -> run(command.toArray(String[]::new));
    }

    /** Steps that are found in the cache, steps that are not, a step that takes its time, and two stages at once. */
    private Path context(int choice) throws IOException {
        Path folder = Files.createTempDirectory(daemon.home(), "context-");
        Files.writeString(folder.resolve("file"), "content " + random.nextInt(3));
        Files.writeString(
                folder.resolve("Dockerfile"), """
                FROM base AS side
                RUN echo %d > /side; sleep 0.%d
                FROM base
                WORKDIR /app
                COPY file .
                RUN --mount=type=cache,target=/cache touch /cache/used; seq 1000 | while read n; do echo $n > file$n; done
                COPY --from=side /side /
                RUN sleep 0.%d & echo %d > /last; wait
                """.formatted(random.nextInt(8), choice, choice, random.nextInt(8)));
        return folder;
    }

    private Path large() throws Exception {
        Path folder = Files.createTempDirectory(daemon.home(), "large-");
        byte[] bytes = new byte[16 << 20];
        random.nextBytes(bytes);
        Files.write(folder.resolve("random"), bytes);
        Path large = Files.copy(tar, daemon.home().resolve("large.tar"));
        Process append = new ProcessBuilder("tar", "-C", folder.toString(), "-rf", large.toString(), "random").start();
        assertThat(append.waitFor()).isZero();
        return large;
    }

    private void requireOrder() throws Exception {
        Settling.require(daemon, SETTLED, () -> Holdings.wrong(daemon), this::story);
    }

    private void requireListedImagesRun(int leaveOut) {
        InProcess.Result images = run("images", "-q", "--no-trunc");
        List<String> ids = images.stdout().lines().distinct().toList();
        assertThat(ids).as(story()).isNotEmpty();
        for (String id : ids) {
            if (leaveOut == 0 || random.nextInt(leaveOut + 1) == 0) {
                InProcess.Result ran = run("run", "--rm", id, "true");
                assertThat(ran.exitCode())
                        .as("run %s: %s%s\n%s", id, ran.stdout(), ran.stderr(), story())
                        .isZero();
            }
        }
    }

    private void requireNothingStaysOfWhatIsRemoved() throws Exception {
        for (String container : run("ps", "-aq").stdout().lines().toList()) {
            run("rm", "-f", container);
        }
        for (String image :
                run("images", "-q", "--no-trunc").stdout().lines().distinct().toList()) {
            run("rmi", "-f", image);
        }
        run("builder", "prune", "-af");
        SortedMap<String, Long> rows = new TreeMap<>(Holdings.rows(daemon));
        // Every daemon has three: bridge, host and none.
        rows.put("network", rows.get("network") - 3);
        assertThat(rows.values()).as(story()).containsOnly(0L);
        requireOrder();
        assertThat(daemon.root().resolve("snapshots")).as(story()).isEmptyDirectory();
        assertThat(daemon.root().resolve("content/blobs/sha256")).as(story()).isEmptyDirectory();
    }

    private static InProcess.Result run(String... arguments) {
        return InProcess.wherry("unix://" + daemon.socket(), arguments);
    }

    /** What led here, the last part of it. */
    private String story() {
        try {
            return "seed " + seed + ", " + story.subList(Math.max(0, story.size() - 12), story.size()) + "\n"
                    + daemon.log();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}

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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The daemon, a supervisor, a runtime or the program of a container is killed without warning, in the middle of every
 * transition of a container. Whatever the moment was, what is listed is what is, soon after, and nothing lies about.
 * {@code -Dwherry.lifecycle.kills} sets how many are killed, {@code -Dwherry.seed} chooses them again.
 */
@Isolated("the moments of its kills are those of a machine that does nothing else")
class LifecycleCrashIT {

    private static final int KILLS = Integer.getInteger("wherry.lifecycle.kills", 25);
    private static final int LATEST_KILL_MILLIS = 250;
    private static final int MOST_CONTAINERS = 6;
    /** Far longer than it takes, for machines that have much else to do. */
    private static final Duration SETTLED = Duration.ofSeconds(20);

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private final long seed = Long.getLong("wherry.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> story = new ArrayList<>();
    private long slowest;

    /** Who is killed. */
    private enum Victim {
        DAEMON,
        CONMON,
        RUNTIME,
        PROGRAM
    }

    @Test
    void whatIsListedIsWhatIsWhoeverIsKilledWhenever() throws Exception {
        System.out.println("LifecycleCrashIT: -Dwherry.seed=" + seed);
        Busybox.importInto(daemon);
        for (int kill = 0; kill < KILLS; kill++) {
            List<Thread> operations = new ArrayList<>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                operations.add(operation());
            }
            Thread.sleep(random.nextInt(LATEST_KILL_MILLIS));
            Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
            boolean hit = kill(victim);
            story.add("kill " + (kill + 1) + ": " + victim + (hit ? "" : ", which is not there"));
            for (Thread operation : operations) {
                operation.join(TimeUnit.SECONDS.toMillis(30));
                assertThat(operation.isAlive())
                        .as("a call never ends: %s", story())
                        .isFalse();
            }
            if (victim == Victim.DAEMON) {
                daemon.start();
            }
            requireOrder();
        }
        removeAll();
        run("volume", "prune", "-af");
        requireOrder();
        assertThat(Holdings.rows(daemon).get("volume")).as(story()).isZero();
        assertThat(Holdings.rows(daemon).get("container")).as(story()).isZero();
        System.out.println("LifecycleCrashIT: " + KILLS + " kills, in order again after at most " + slowest + " ms");
    }

    private boolean kill(Victim victim) throws Exception {
        if (victim == Victim.DAEMON) {
            daemon.kill();
            return true;
        }
        List<Long> candidates = new ArrayList<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            if (kind(process) == victim) {
                candidates.add(process.pid());
            }
        }
        return !candidates.isEmpty()
                && ProcessHandle.of(candidates.get(random.nextInt(candidates.size())))
                        .map(ProcessHandle::destroyForcibly)
                        .orElse(false);
    }

    /** Of this daemon's only; its conmons name its folders, and the programs are their children. */
    private static Victim kind(ProcessHandle process) {
        String command = Host.commandLine(process.pid());
        if (command.contains(daemon.runRoot().toString()) && process.pid() != daemon.pid()) {
            return command.contains("conmon") ? Victim.CONMON : Victim.RUNTIME;
        }
        boolean child = process.parent()
                .map(parent -> Host.commandLine(parent.pid()))
                .filter(parent -> parent.contains("conmon")
                        && parent.contains(daemon.runRoot().toString()))
                .isPresent();
        return child ? Victim.PROGRAM : null;
    }

    private Thread operation() {
        List<String> containers = run("ps", "-aq").stdout().lines().toList();
        String container = containers.isEmpty() ? "none" : containers.get(random.nextInt(containers.size()));
        int choice = random.nextInt(containers.size() >= MOST_CONTAINERS ? 13 : 22);
        String name = "n" + random.nextInt(4);
        String volume = "v" + random.nextInt(3);
        List<String> command = switch (choice) {
            case 0 -> List.of("start", container);
            case 1 -> List.of("stop", "-t", "0", container);
            case 2 -> List.of("restart", "-t", "0", container);
            case 3 -> List.of("pause", container);
            case 4 -> List.of("unpause", container);
            case 5 -> List.of("kill", container);
            case 6 -> List.of("rename", container, name);
            case 7 -> List.of("update", "--restart", random.nextBoolean() ? "no" : "always", container);
            case 8, 9 -> List.of("rm", "-f", container);
            case 10 -> List.of("rm", "-fv", container);
            case 11 -> List.of("volume", "create", volume);
            case 12 -> List.of("volume", "rm", volume);
            case 13 -> List.of("run", "--rm", "-v", "/bin", "-v", volume + ":/v", "busybox", "sleep", "0.1");
            case 14 -> List.of("run", "-d", "-v", volume + ":/bin", "-v", "/etc", "busybox", "sleep", "1000");
            case 15 -> List.of("create", "--volumes-from", container, "busybox", "sleep", "1000");
            case 16 -> List.of("create", "--name", name, "busybox", "sleep", "1000");
            case 17 -> List.of("run", "--rm", "busybox", "sleep", "0.1");
            case 18 -> List.of("run", "-d", "--restart", "always", "busybox", "sleep", "1000");
            case 19 -> List.of("run", "-d", "--restart", "on-failure:3", "busybox", "sh", "-c", "sleep 0.1; exit 1");
            case 20 -> List.of("run", "-d", "--rm", "busybox", "sleep", "0.3");
            default -> List.of("run", "-d", "--name", name, "busybox", "sleep", "1000");
        };
        story.add(String.join(" ", command));
        return Thread.ofPlatform().start(() -> run(command.toArray(String[]::new)));
    }

    private void requireOrder() throws Exception {
        slowest = Math.max(slowest, Settling.require(daemon, SETTLED, LifecycleCrashIT::wrong, this::story));
    }

    /** What lies about, and what is listed otherwise than it is. */
    private static List<String> wrong() throws IOException {
        List<String> wrong = new ArrayList<>(Holdings.wrong(daemon));
        for (String line : run("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.State}}")
                .stdout()
                .lines()
                .toList()) {
            String[] fields = line.split(" ");
            boolean isFrozen = isFrozen(fields[0]);
            if (isFrozen != fields[1].equals("paused")) {
                wrong.add("container " + fields[0] + " is listed as " + fields[1] + " and is "
                        + (isFrozen ? "frozen" : "not frozen"));
            }
        }
        return wrong;
    }

    private static boolean isFrozen(String id) {
        try {
            Path pid = daemon.runRoot().resolve("containers/" + id + "/bundle/pid");
            for (String line :
                    Files.readAllLines(Path.of("/proc", Files.readString(pid).strip(), "cgroup"))) {
                String[] fields = line.split(":", 3);
                Path v1 = Path.of("/sys/fs/cgroup/freezer", fields[2], "freezer.state");
                Path v2 = Path.of("/sys/fs/cgroup", fields[2], "cgroup.freeze");
                if (fields[1].equals("freezer") && Files.readString(v1).startsWith("FROZEN")
                        || Files.exists(v2) && Files.readString(v2).startsWith("1")) {
                    return true;
                }
            }
            return false;
        } catch (IOException doesNotRun) {
            return false;
        }
    }

    private void removeAll() {
        for (String container : run("ps", "-aq").stdout().lines().toList()) {
            run("rm", "-f", container);
        }
    }

    private static InProcess.Result run(String... arguments) {
        return InProcess.wherry("unix://" + daemon.socket(), arguments);
    }

    private String story() {
        try {
            return "seed " + seed + ", " + story.subList(Math.max(0, story.size() - 16), story.size()) + "\n"
                    + daemon.log();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}

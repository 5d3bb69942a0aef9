package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.app.InProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The daemon is killed without warning while containers with networks, ports and volumes come and go. Whatever the moment
 * was, the next daemon brings addresses, names, ports and rules together with the containers that run, and nothing lies
 * about. {@code -Dwherry.network.kills} sets how often, {@code -Dwherry.seed} chooses the same moments again.
 */
@Isolated("the moments of its kills are those of a machine that does nothing else")
class NetworkCrashIT {

    private static final boolean NATIVE = "native".equals(System.getProperty("wherry.mode"));
    /** A daemon on the JVM takes seconds to start. */
    private static final int KILLS = Integer.getInteger("wherry.network.kills", NATIVE ? 40 : 12);

    private static final int LATEST_KILL_MILLIS = NATIVE ? 250 : 1000;
    private static final int CONTAINERS = 4;
    private static final int NETWORKS = 3;
    /** Far longer than it takes, for machines that have much else to do. */
    private static final Duration SETTLED = Duration.ofSeconds(20);

    private static final List<String> SERVER =
            List.of("busybox", "sh", "-c", "mkdir -p /www; hostname >/www/index.html; exec httpd -f -p 80 -h /www");

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private final long seed = Long.getLong("wherry.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> story = new ArrayList<>();
    private final AtomicInteger cutOff = new AtomicInteger();
    private long slowest;

    @Test
    void networksAreThoseOfTheContainersThatRunWheneverTheDaemonIsKilled() throws Exception {
        System.out.println("NetworkCrashIT: -Dwherry.seed=" + seed);
        Busybox.importInto(daemon);
        for (int kill = 0; kill < KILLS; kill++) {
            List<Thread> users = new ArrayList<>();
            for (int count = 1 + random.nextInt(2); count > 0; count--) {
                users.add(user(new Random(random.nextLong())));
            }
            Thread.sleep(random.nextInt(LATEST_KILL_MILLIS));
            daemon.kill();
            tell("kill " + (kill + 1));
            for (Thread user : users) {
                user.join(TimeUnit.SECONDS.toMillis(30));
                assertThat(user.isAlive()).as("a call never ends: %s", story()).isFalse();
            }
            daemon.start();
            requireOrder();
        }
        System.out.printf(
                "NetworkCrashIT: %d kills cut %d operations off; in order again after at most %d ms%n",
                KILLS, cutOff.get(), slowest);
        requireNothingStays();
    }

    /** Does one thing after the other until the daemon is killed, so that every kill hits something. */
    private Thread user(Random choices) {
        return Thread.ofPlatform().start(() -> {
            while (daemon.isAlive()) {
                List<String> command = operation(choices);
                tell(String.join(" ", command));
                InProcess.Result result = run(command.toArray(String[]::new));
                if (result.exitCode() != 0 && !daemon.isAlive()) {
                    cutOff.incrementAndGet();
                }
            }
        });
    }

    private static List<String> operation(Random choices) {
        String name = "n" + choices.nextInt(CONTAINERS);
        String network = "net" + choices.nextInt(NETWORKS);
        String volume = "v" + choices.nextInt(2) + ":/data";
        return switch (choices.nextInt(18)) {
            case 0 -> List.of("network", "rm", network);
            case 1, 2 -> List.of("network", "create", network);
            case 3, 4 -> List.of("network", "connect", "--alias", "other", network, name);
            case 5, 6 -> List.of("network", "disconnect", network, name);
            case 7 -> List.of("start", name);
            case 8 -> List.of("stop", "-t", "0", name);
            case 9 -> List.of("restart", "-t", "0", name);
            case 10 -> List.of("rename", name, "n" + choices.nextInt(CONTAINERS));
            case 11, 12 -> List.of("rm", "-fv", name);
            case 13 -> List.of("run", "--rm", "--network", network, "-p", "80", "busybox", "true");
            case 14 -> server("create", "--name", name, "--network", network, "-p", "80", "-v", volume);
            case 15 -> server("run", "-d", "--name", name, "-p", "127.0.0.1::80", "-v", "/data");
            case 16 -> server("run", "-d", "--name", name, "--network", network, "--network", "bridge", "-p", "80");
            default -> server("run", "-d", "--name", name, "--network", network, "-p", "80", "-v", volume);
        };
    }

    private static List<String> server(String... options) {
        List<String> command = new ArrayList<>(List.of(options));
        command.addAll(SERVER);
        return command;
    }

    private void requireOrder() throws Exception {
        slowest = Math.max(slowest, Settling.require(daemon, SETTLED, NetworkCrashIT::wrong, this::story));
    }

    private static List<String> wrong() throws Exception {
        List<String> wrong = new ArrayList<>(Holdings.wrong(daemon));
        wrong.addAll(NetworkHoldings.wrong(daemon));
        return wrong;
    }

    private void requireNothingStays() throws Exception {
        daemon.removeContainers();
        for (String network :
                run("network", "ls", "-q", "-f", "type=custom").stdout().lines().toList()) {
            assertThat(run("network", "rm", network).stderr()).as(story()).isEmpty();
        }
        run("volume", "prune", "-af");
        requireOrder();
        for (String table : Set.of("endpoint", "published_port", "container", "volume")) {
            assertThat(Holdings.rows(daemon).get(table)).as(table).isZero();
        }
        daemon.stop();
        assertThat(NetworkHoldings.left(daemon)).as(story()).isEmpty();
        daemon.start();
    }

    private static InProcess.Result run(String... arguments) {
        return InProcess.wherry("unix://" + daemon.socket(), arguments);
    }

    private void tell(String what) {
        synchronized (story) {
            story.add(what);
        }
    }

    private String story() {
        List<String> latest;
        synchronized (story) {
            latest = List.copyOf(story.subList(Math.max(0, story.size() - 30), story.size()));
        }
        try {
            return "seed " + seed + ", " + latest + "\n" + daemon.log();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}

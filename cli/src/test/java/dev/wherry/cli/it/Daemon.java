package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A daemon for the tests of one class, on roots of its own under {@code /tmp/wherry-it-…}: register it as a static
 * extension. When the class ends its containers are removed, the daemon is told to end, and a mount, process or runtime
 * state that is left then fails the class; it is cleaned up all the same.
 */
final class Daemon implements BeforeAllCallback, AfterAllCallback {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Preparation preparation = root -> {};
    private int diskMebibytes;
    private boolean sharesMounts;
    private Beginning first;
    private Path home;
    private Process process;

    /** What was set before the class began. */
    private record Beginning(List<String> options, Map<String, String> environment) {}

    /** @param options of {@code wherryd}, besides its roots */
    Daemon(String... options) {
        this.options.addAll(List.of(options));
    }

    /** A daemon whose root is a file system of its own, of a size that can be filled. */
    static Daemon onDiskOf(int mebibytes, String... options) {
        Daemon daemon = new Daemon(options);
        daemon.diskMebibytes = mebibytes;
        return daemon;
    }

    /** A daemon whose mounts are shared with their copies, as all mounts are where systemd runs. */
    static Daemon sharingMounts() {
        Daemon daemon = new Daemon();
        daemon.sharesMounts = true;
        return daemon;
    }

    /** Puts files into the root, which does not exist yet. */
    @FunctionalInterface
    interface Preparation {
        void prepare(Path root) throws Exception;
    }

    /** A daemon that finds files in its root when it starts for the first time. */
    static Daemon onRootMadeBy(Preparation preparation) {
        Daemon daemon = new Daemon();
        daemon.preparation = preparation;
        return daemon;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Host.require();
        // A class that is run again begins as it did.
        if (first == null) {
            first = new Beginning(List.copyOf(options), Map.copyOf(environment));
        }
        options.clear();
        options.addAll(first.options);
        environment.clear();
        environment.putAll(first.environment);
        home = Files.createTempDirectory(Path.of("/tmp"), "wherry-it-");
        if (diskMebibytes > 0) {
            Files.createDirectory(root());
            mount("mount", "-t", "tmpfs", "-o", "size=" + diskMebibytes + "m", "none", root().toString());
        }
        if (sharesMounts) {
            mount("mount", "--bind", home.toString(), home.toString());
            mount("mount", "--make-shared", home.toString());
        }
        preparation.prepare(root());
        start();
    }

    private static void mount(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    /** Adds an option before the next start. */
    Daemon option(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Sets a variable of the daemon's environment before the next start. */
    Daemon variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A folder for the files of the tests, removed with the rest. */
    Path home() {
        return home;
    }

    Path root() {
        return home.resolve("root");
    }

    Path runRoot() {
        return home.resolve("run");
    }

    Path socket() {
        return runRoot().resolve("wherryd.sock");
    }

    /** Where programs made for Docker find the daemon. */
    Path dockerSocket() {
        return runRoot().resolve("docker.sock");
    }

    /** Where a kubelet finds the daemon, if it is served. */
    Path criSocket() {
        return runRoot().resolve("cri.sock");
    }

    long pid() {
        return process.pid();
    }

    /** How many threads it has now. */
    long threads() throws IOException {
        return Files.readString(Path.of("/proc/" + pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("Threads:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What the daemon has written since the class began. */
    String log() throws IOException {
        return Files.readString(home.resolve("log"));
    }

    /** Starts the daemon and waits until it answers. */
    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Host.program(
                "wherry.daemon",
                "--root",
                root().toString(),
                "--run-root",
                runRoot().toString()));
        command.addAll(options);
        ProcessBuilder daemon = new ProcessBuilder(command);
        daemon.environment().putAll(environment);
        process = daemon.redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                .start();
        long deadline = System.nanoTime() + START.toNanos();
        while (!answers()) {
            assertThat(process.isAlive()).as("the daemon ended:\n%s", log()).isTrue();
            assertThat(System.nanoTime())
                    .as("the daemon does not answer:\n%s", log())
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private boolean answers() {
        try (var channel = java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(socket()))) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends the daemon a signal, such as {@code HUP}. */
    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Tells the daemon to end, and waits for it. */
    void stop() throws InterruptedException {
        process.destroy();
        awaitEnd();
    }

    /** Waits until the daemon has ended. */
    void awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS))
                .as("the daemon ends within %s s", STOP.toSeconds())
                .isTrue();
    }

    /** Kills the daemon without warning. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void restart() throws IOException, InterruptedException {
        stop();
        start();
    }

    /** Runs the client and waits for it. */
    Outcome wherry(String... arguments) {
        return wherry(CALL, home, arguments);
    }

    Outcome wherry(Duration limit, Path folder, String... arguments) {
        return Outcome.of(List.of(arguments), spawn(folder, arguments), limit);
    }

    /** Starts the client and leaves it running; its standard input is a pipe. */
    Process spawn(Path folder, String... arguments) {
        return spawn(folder, Map.of("WHERRY_HOST", "unix://" + socket()), arguments);
    }

    /** As above; {@code variables} of the client say how it reaches the daemon. */
    Process spawn(Path folder, Map<String, String> variables, String... arguments) {
        List<String> command = Host.program("wherry.cli", arguments);
        ProcessBuilder client = new ProcessBuilder(command).directory(folder.toFile());
        client.environment().putAll(variables);
        // Logins of whoever runs the tests are not theirs.
        client.environment().put("DOCKER_CONFIG", home.resolve("docker").toString());
        try {
            return client.start();
        } catch (IOException failure) {
            throw new AssertionError("cannot run " + command, failure);
        }
    }

    /** Starts the client and follows what it says. */
    Running follow(Path folder, String... arguments) {
        return new Running(List.of(arguments), spawn(folder, arguments));
    }

    /** Ends and removes all containers that there are. */
    void removeContainers() {
        for (String id : wherry("ps", "-aq").ok().stdout().lines().toList()) {
            wherry("rm", "-f", id).ok();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (home == null) {
            return;
        }
        List<String> left = new ArrayList<>();
        try {
            if (process != null && process.isAlive()) {
                String[] ids = wherry("ps", "-aq").line().split("\\s+");
                for (String id : ids) {
                    if (id.matches("[0-9a-f]{12,64}")) {
                        wherry("rm", "-f", id);
                    }
                }
                stop();
                if (diskMebibytes > 0) {
                    mount("umount", root().toString());
                }
                left.addAll(Host.left(home));
            }
        } finally {
            if (process != null) {
                kill();
            }
            if (sharesMounts) {
                mount("umount", "-l", home.toString());
            }
            Host.clean(home);
        }
        assertThat(left).as("left behind by the daemon").isEmpty();
    }
}

package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the tests must know of the machine they run on: what it lacks, and what a daemon left on it. */
final class Host {

    private static final List<String> TOOLS =
            List.of("runc", "conmon", "docker-registry", "busybox", "tar", "umount", "mount", "strace");

    private Host() {}

    /** Fails on a machine that cannot run the tests: a test that is skipped would look like one that passed. */
    static void require() throws IOException {
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("the tests need root; user ID")
                .isEqualTo(0);
        assertThat(TOOLS)
                .as("programs that the tests need; install them with daemon/src/main/host/packages --test")
                .allMatch(Host::isInstalled);
    }

    private static boolean isInstalled(String tool) {
        return Stream.of("/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin", "/sbin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    /**
     * The command line of {@code wherry} or {@code wherryd}. A program inherits the signals that its parent ignores, as
     * a shell's background jobs ignore SIGINT and {@code nohup} ignores SIGHUP; the tests send signals, so every
     * program starts with the default action of each.
     *
     * @param property the system property that holds the path: {@code wherry.cli} or {@code wherry.daemon}
     */
    static List<String> program(String property, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal", System.getProperty(property)));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Mounts, processes and runtime state of a daemon whose roots are in a folder. */
    static List<String> left(Path home) throws IOException {
        List<String> left = new ArrayList<>();
        mounts(home).forEach(mount -> left.add("mount " + mount));
        for (ProcessHandle process : processes(home)) {
            left.add("process " + process.pid() + " " + commandLine(process.pid()));
        }
        try (Stream<Path> files = Files.walk(home.resolve("run"))) {
            files.filter(file -> file.endsWith("state.json")).forEach(file -> left.add("container state " + file));
        }
        return left;
    }

    /** Takes away all that is left of a daemon, and the folder. */
    static void clean(Path home) throws IOException, InterruptedException {
        List<ProcessHandle> running = processes(home);
        running.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : running) {
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
        for (String mount : mounts(home)) {
            new ProcessBuilder("umount", "-l", mount).inheritIO().start().waitFor();
        }
        if (!mounts(home).isEmpty()) {
            throw new IOException("cannot unmount " + mounts(home) + ", so " + home + " stays");
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }

    /** Mount points below a folder, innermost first. */
    static List<String> mounts(Path home) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(" ")[4])
                    .filter(target -> target.startsWith(home + "/"))
                    .toList()
                    .reversed();
        }
    }

    /**
     * Processes of a daemon whose roots are in a folder: those that name it in their arguments, as the daemon, conmon and
     * runc do, and what descends from them, as a container does from its conmon. What cannot be told to be the daemon's
     * is never taken for it, since these are killed.
     */
    static List<ProcessHandle> processes(Path home) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != 1
                        && process.pid() != ProcessHandle.current().pid())
                .filter(process -> commandLine(process.pid()).contains(home + "/"))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .distinct()
                .toList();
    }

    /** A process's arguments, each followed by a space; empty when there is no such process. */
    static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid, "cmdline")), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    /** Runs a script, which must succeed, in a folder. */
    static void sh(Path folder, String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-ec", script)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(shell.waitFor()).as(script).isZero();
    }
}

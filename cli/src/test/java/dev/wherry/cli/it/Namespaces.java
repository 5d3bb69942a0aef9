package dev.wherry.cli.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The namespaces of a daemon, and the users of this host who work in them. */
record Namespaces(Daemon daemon) {

    static final int RED = 60_101;
    static final int BLUE = 60_102;
    static final int NOBODYS = 60_103;
    static final int BROKEN = 60_104;
    static final int SMALL = 60_105;

    private static final Duration CALL = Duration.ofSeconds(120);

    /** The options of a daemon whose users have these roles. */
    static List<String> roles() {
        return List.of(
                "--role", "user:" + RED + "=operator namespace=red",
                "--role", "user:" + BLUE + "=operator namespace=blue",
                "--role", "user:" + NOBODYS + "=operator",
                "--role", "user:" + BROKEN + "=operator namespace=broken",
                "--role", "user:" + SMALL + "=operator namespace=small disk=20MiB");
    }

    /** Lets every user of the host connect: the roles say who may do what. */
    void openSocket() throws IOException {
        for (Path folder : List.of(daemon.home(), daemon.runRoot())) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(daemon.socket(), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    void removeContainers() {
        for (String namespace : List.of("red", "blue", "green", "small")) {
            if (Files.exists(socket(namespace))) {
                for (String id : asRoot(namespace, "ps", "-aq").stdout().lines().toList()) {
                    asRoot(namespace, "rm", "-f", id).ok();
                }
            }
        }
    }

    Path socket(String namespace) {
        return daemon.runRoot().resolve("namespaces").resolve(namespace).resolve("wherryd.sock");
    }

    /** What an administrator does on the host. */
    Outcome asRoot(String namespace, String... arguments) {
        return Outcome.of(
                List.of(arguments),
                daemon.spawn(daemon.home(), Map.of("WHERRY_HOST", "unix://" + socket(namespace)), arguments),
                CALL);
    }

    Process start(int user, Path socket, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        command.addAll(Host.program("wherry.cli", arguments));
        ProcessBuilder client =
                new ProcessBuilder(command).directory(daemon.home().toFile());
        client.environment().put("WHERRY_HOST", "unix://" + socket);
        client.environment().put("HOME", "/nonexistent");
        return client.start();
    }

    Outcome as(int user, String... arguments) throws IOException {
        return at(daemon.socket(), user, arguments);
    }

    Outcome at(Path socket, int user, String... arguments) throws IOException {
        return Outcome.of(List.of(arguments), start(user, socket, arguments), CALL);
    }

    /** A program that it just starts looks like it for a moment. */
    ProcessHandle daemonOf(String namespace) {
        return await().atMost(CALL)
                .until(() -> daemonsOf(namespace), all -> all.size() == 1)
                .getFirst();
    }

    private List<ProcessHandle> daemonsOf(String namespace) {
        return ProcessHandle.allProcesses()
                .filter(process -> Host.commandLine(process.pid()).contains(daemon.root() + " "))
                .filter(process -> Host.commandLine(process.pid()).endsWith("--namespace " + namespace + " "))
                .toList();
    }
}

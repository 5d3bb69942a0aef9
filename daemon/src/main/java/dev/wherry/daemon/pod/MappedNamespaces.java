package dev.wherry.daemon.pod;

import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.runtime.spec.UserMappings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * User namespaces of pods, and namespaces that belong to them. The kernel lets no process of several threads into another
 * user namespace: the programs of util-linux go there instead, and wait until what they made is pinned.
 */
@Singleton
final class MappedNamespaces {

    private static final List<String> ENVIRONMENT = List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_COMPLAINTS = 4096;

    /** Says that it is where it should be, and stays until it is told to go. */
    private static final List<String> WAIT = List.of("/bin/sh", "-c", "echo; read _");

    private static final String SET =
            "while [ $# -gt 0 ]; do printf %s \"$2\" > \"/proc/sys/$1\" || exit; shift 2; done";

    /**
     * Makes a folder, the first argument, a read-only file system with nothing but a copy of a program, the second, and becomes
     * that program there.
     */
    private static final String ALONE = "mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs \"$1\""
            + " && cat \"$2\" > \"$1/pause\" && chmod 555 \"$1/pause\""
            + " && mount -o remount,bind,ro,nosuid,nodev \"$1\" && cd \"$1\" && exec \"$1/pause\"";

    /** Makes and mounts the user namespace of a sandbox. */
    void createUsers(SandboxFiles files, UserMappings users) throws IOException {
        List<String> command = new ArrayList<>(List.of(program("unshare"), "--user"));
        command.addAll(WAIT);
        within(command, process -> {
            Files.writeString(process.resolve("uid_map"), users.uids().line());
            Files.writeString(process.resolve("gid_map"), users.gids().line());
            NetworkNamespace.pin(process.resolve("ns/user"), files.namespace("user"));
        });
    }

    /**
     * Makes and mounts namespaces of a sandbox that belong to its user namespace.
     *
     * @param names as in {@code /proc/PID/ns}
     */
    void create(SandboxFiles files, List<String> names) throws IOException {
        List<String> command = inside(files, List.of());
        command.add(program("unshare"));
        names.forEach(name -> command.add("--" + name));
        command.addAll(WAIT);
        within(command, process -> {
            for (String name : names) {
                NetworkNamespace.pin(process.resolve("ns").resolve(name), files.namespace(name));
            }
        });
    }

    /**
     * As {@link NetworkNamespace#setParameters}, for namespaces that belong to a user namespace: all that are not {@linkplain
     * #isOfHost of the host} are its root's alone to set.
     */
    void setParameters(SandboxFiles files, List<String> names, Map<String, String> parameters) throws IOException {
        List<String> command = inside(files, names);
        command.addAll(List.of("/bin/sh", "-c", SET, "sh"));
        int before = command.size();
        parameters.forEach((name, value) -> {
            if (!isOfHost(name)) {
                command.addAll(List.of(name.replace('.', '/'), value));
            }
        });
        if (command.size() == before) {
            return;
        }
        ShortProgram.Answer answer = ShortProgram.run(command, ENVIRONMENT, new byte[0], PATIENCE);
        if (answer.code() != 0) {
            throw new IOException(answer.errors().strip());
        }
    }

    /** Whether a kernel parameter is set by root of the host, who alone knows all groups, as those of networks are. */
    static boolean isOfHost(String parameter) {
        return parameter.startsWith("net.");
    }

    private static List<String> inside(SandboxFiles files, List<String> names) throws IOException {
        List<String> command = new ArrayList<>(List.of(program("nsenter"), "--user=" + files.namespace("user")));
        names.forEach(name -> command.add("--" + name + "=" + files.namespace(name)));
        return command;
    }

    /** What a program that was started said before it failed; empty if nothing. */
    static String complaints(SandboxFiles files) {
        try {
            return Files.exists(errors(files)) ? Files.readString(errors(files)).strip() : "";
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static Path errors(SandboxFiles files) {
        return files.folder().resolve("pause.errors");
    }

    /** As {@link NetworkNamespace#start}, for namespaces that belong to a user namespace. */
    Spawn.Child start(SandboxFiles files, List<String> names, Path program, Path root, int reports, int orders)
            throws IOException {
        List<String> command = inside(files, names);
        command.addAll(List.of(
                program("unshare"), "--mount", "/bin/sh", "-c", ALONE, "sh", root.toString(), program.toString()));
        return Spawn.start(command, ENVIRONMENT, Path.of("/"), errors(files), reports, orders);
    }

    private interface Work {
        void run(Path process) throws IOException;
    }

    private static void within(List<String> command, Work work) throws IOException {
        try (Spawn.Child child = Spawn.withStreams(command, ENVIRONMENT, Path.of("/"))) {
            if (child.report(0).read() < 0) {
                throw new IOException(
                        new String(child.report(1).readNBytes(MOST_COMPLAINTS), StandardCharsets.UTF_8).strip());
            }
            work.run(Path.of("/proc", Integer.toString(child.pid())));
        }
    }

    private static String program(String name) throws IOException {
        return HostTools.find(name)
                .orElseThrow(
                        () -> new IOException(
                                "the program " + name
                                        + " is missing, which makes user namespaces: install it, as with \"apt-get install util-linux\""))
                .toString();
    }
}

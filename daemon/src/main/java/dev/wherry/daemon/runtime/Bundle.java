package dev.wherry.daemon.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.Inodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bundle (OCI runtime-spec, "Filesystem Bundle"): a folder with {@code config.json} and the files that are mounted
 * over the root file system's own: {@code resolv.conf}, {@code hosts}, {@code hostname}. The root file system itself may
 * lie anywhere.
 */
public final class Bundle {

    private static final ObjectWriter JSON = new ObjectMapper().writerFor(RuntimeSpec.class);
    private static final List<String> ETC = List.of("resolv.conf", "hosts", "hostname");

    private Bundle() {}

    /**
     * Fills an existing folder.
     *
     * @param rootfs mounted, and used by no process yet: its user database is read
     * @throws StartException when the user is not known there
     */
    public static void write(Path directory, Path rootfs, ContainerProcess process, String cgroup) {
        User user = User.resolve(rootfs, process.user());
        try {
            writeSecrets(directory, process.additions());
            String hostname = process.hostname().isEmpty() ? hostHostname() : process.hostname();
            Files.writeString(directory.resolve("hostname"), hostname + "\n");
            Files.write(directory.resolve("hosts"), hosts(process, hostname));
            Files.write(directory.resolve("resolv.conf"), readIfThere(Path.of("/etc/resolv.conf")));
            Files.write(
                    directory.resolve("config.json"),
                    JSON.writeValueAsBytes(spec(directory, rootfs, process, user, hostname, cgroup)));
        } catch (IOException failure) {
            throw new HostException("cannot write the bundle " + directory + ": " + failure.getMessage(), failure);
        }
    }

    /** What the host is called. */
    public static String hostHostname() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    /** Where in a root file system the bundle's files and the kernel's file systems are mounted. */
    static List<String> mountPoints() {
        List<String> points = new ArrayList<>(List.of("/proc", "/dev", "/sys"));
        ETC.forEach(name -> points.add("/etc/" + name));
        return points;
    }

    static boolean isFile(String mountPoint) {
        return mountPoint.startsWith("/etc/");
    }

    private static void writeSecrets(Path directory, Additions additions) throws IOException {
        for (ExtraMount mount : additions.mounts()) {
            if (mount instanceof ExtraMount.Secret secret) {
                Path file = directory.resolve("secret-" + additions.mounts().indexOf(mount));
                Files.createFile(file);
                Inodes.chmod(file, 0600);
                Files.write(file, secret.content());
                Inodes.lchown(file, secret.uid(), secret.gid());
                Inodes.chmod(file, secret.mode());
            }
        }
    }

    private static RuntimeSpec spec(
            Path directory, Path rootfs, ContainerProcess process, User user, String hostname, String cgroup) {
        Additions additions = process.additions();
        List<RuntimeSpec.Mount> mounts = Confinement.mounts(additions);
        for (String name : ETC) {
            String source = directory.resolve(name).toString();
            mounts.add(new RuntimeSpec.Mount("/etc/" + name, "bind", source, List.of("rbind", "rprivate")));
        }
        for (int i = 0; i < additions.mounts().size(); i++) {
            mounts.add(additions.mounts().get(i).spec(directory.resolve("secret-" + i)));
        }
        return new RuntimeSpec(
                DefaultSpec.OCI_VERSION,
                new RuntimeSpec.Process(
                        process.terminal(),
                        new RuntimeSpec.User(user.uid(), user.gid(), user.groups()),
                        process.args(),
                        environment(process, user, hostname),
                        process.workingDir().isEmpty() ? "/" : process.workingDir(),
                        Confinement.capabilities(additions),
                        false,
                        // Left out, a container would be spared as the daemon is.
                        0,
                        Confinement.limits(additions)),
                new RuntimeSpec.Root(rootfs.toString(), false),
                hostname,
                mounts,
                Confinement.linux(process, cgroup));
    }

    private static List<String> environment(ContainerProcess process, User user, String hostname) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", DefaultSpec.PATH);
        variables.put("HOSTNAME", hostname);
        if (process.terminal()) {
            variables.put("TERM", "xterm");
        }
        variables.put("HOME", user.home());
        for (List<String> given : List.of(process.env(), process.additions().secretEnv())) {
            for (String variable : given) {
                int equals = variable.indexOf('=');
                if (equals > 0) {
                    variables.put(variable.substring(0, equals), variable.substring(equals + 1));
                }
            }
        }
        List<String> environment = new ArrayList<>();
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        return environment;
    }

    private static byte[] hosts(ContainerProcess process, String hostname) throws IOException {
        ByteArrayOutputStream hosts = new ByteArrayOutputStream();
        hosts.write(
                switch (process.network()) {
                    case HOST -> readIfThere(Path.of("/etc/hosts"));
                    case NONE ->
                        ("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t" + hostname
                                        + "\n")
                                .getBytes(StandardCharsets.UTF_8);
                });
        for (String line : process.additions().hosts()) {
            hosts.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return hosts.toByteArray();
    }

    private static byte[] readIfThere(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException absent) {
            return new byte[0];
        }
    }
}

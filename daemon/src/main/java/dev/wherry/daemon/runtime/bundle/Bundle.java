package dev.wherry.daemon.runtime.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.runtime.security.AppArmor;
import dev.wherry.daemon.runtime.security.SecurityOptions;
import dev.wherry.daemon.runtime.spec.CdiEdits;
import dev.wherry.daemon.runtime.spec.ContainerUser;
import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.runtime.spec.RuntimeSpec;
import dev.wherry.daemon.runtime.spec.Ulimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A bundle (OCI runtime-spec, "Filesystem Bundle"): a folder with {@code config.json}. The root file system and the name
 * files, which are mounted over the root file system's own, may lie anywhere.
 */
public final class Bundle {

    private static final ObjectWriter JSON = new ObjectMapper().writerFor(RuntimeSpec.class);

    private Bundle() {}

    /**
     * Fills an existing folder. The name files are written by {@link NameFiles}, before the container is created.
     *
     * @param names the folder of the name files
     * @param rootfs mounted, and used by no process yet: its user database is read
     * @param runtime may have annotations for its seccomp profile
     * @return the configuration that was written
     * @throws StartException when the user is not known there
     */
    public static RuntimeSpec write(
            Path directory,
            Path names,
            Path rootfs,
            ContainerProcess process,
            String cgroup,
            Function<RuntimeSpec.Seccomp, Map<String, String>> runtime) {
        Isolation isolation = process.options().isolation();
        ContainerUser user = ContainerUser.resolve(
                rootfs, process.user(), isolation.groups(), isolation.pod().groups());
        KernelMountPoints.check(rootfs);
        WorkingDirectory.check(rootfs, process.workingDir());
        try {
            writeSecrets(directory, process.additions());
            String hostname = NameFiles.hostname(process);
            ShareableMemory.mount(directory, process);
            MemoryMounts.mount(directory, rootfs, process.additions().mounts());
            RuntimeSpec spec = spec(directory, names, rootfs, process, user, hostname, cgroup, runtime);
            Files.write(directory.resolve("config.json"), JSON.writeValueAsBytes(spec));
            return spec;
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
        NameFiles.NAMES.forEach(name -> points.add("/etc/" + name));
        return points;
    }

    static boolean isFile(String mountPoint) {
        return mountPoint.startsWith("/etc/");
    }

    private static void writeSecrets(Path directory, ProcessAdditions additions) throws IOException {
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
            Path directory,
            Path names,
            Path rootfs,
            ContainerProcess process,
            ContainerUser user,
            String hostname,
            String cgroup,
            Function<RuntimeSpec.Seccomp, Map<String, String>> runtime) {
        ContainerOptions options = process.options();
        List<String> capabilities = Confinement.capabilities(process);
        RuntimeSpec.Linux linux = Confinement.linux(process, capabilities, cgroup);
        return new RuntimeSpec(
                DefaultSpec.OCI_VERSION,
                process(process, user, hostname, capabilities),
                new RuntimeSpec.Root(rootfs.toString(), options.isolation().readOnly()),
                // Where there is no namespace for it, the name would be the host's own; one that is joined has its
                // name.
                options.isolation().uts().equals("host")
                                || options.peers().uts().isPresent()
                        ? null
                        : hostname,
                ContainerMounts.spec(directory, process, NameFiles.mounts(names, process), mounts(directory, process)),
                annotations(options.annotations(), linux.seccomp() == null ? Map.of() : runtime.apply(linux.seccomp())),
                hooks(process.additions().devices()),
                linux);
    }

    private static Map<String, String> annotations(Map<String, String> asked, Map<String, String> known) {
        Map<String, String> annotations = new LinkedHashMap<>(known);
        // Else crun puts the container into a group below its scope, where conmon misses that memory ran out.
        annotations.put(RuntimeSpec.CRUN_SUBGROUP, "");
        annotations.putAll(asked);
        return annotations;
    }

    /** Null when there are none. */
    private static Map<String, List<RuntimeSpec.Hook>> hooks(CdiEdits devices) {
        Map<String, List<RuntimeSpec.Hook>> hooks = new LinkedHashMap<>();
        devices.hooks()
                .forEach((time, given) -> hooks.put(
                        time,
                        given.stream()
                                .map(hook -> new RuntimeSpec.Hook(
                                        hook.path(),
                                        hook.args().isEmpty() ? null : hook.args(),
                                        hook.env().isEmpty() ? null : hook.env(),
                                        hook.timeout() == 0 ? null : hook.timeout()))
                                .toList()));
        return hooks.isEmpty() ? null : hooks;
    }

    private static List<RuntimeSpec.Mount> mounts(Path directory, ContainerProcess process) {
        List<ExtraMount> asked = process.additions().mounts();
        List<RuntimeSpec.Mount> mounts = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            ExtraMount mount = asked.get(i);
            mounts.add(mount.spec(
                    mount instanceof ExtraMount.Memory
                            ? MemoryMounts.folder(directory, i)
                            : directory.resolve("secret-" + i)));
        }
        return mounts;
    }

    private static RuntimeSpec.Process process(
            ContainerProcess process, ContainerUser user, String hostname, List<String> capabilities) {
        ContainerOptions options = process.options();
        SecurityOptions security = SecurityOptions.parse(options.isolation());
        return new RuntimeSpec.Process(
                process.terminal(),
                new RuntimeSpec.User(
                        user.uid(), user.gid(), groups(user, process.additions().devices())),
                options.init() ? InitProgram.command(process.args()) : process.args(),
                environment(process, user, hostname),
                process.workingDir().isEmpty() ? "/" : process.workingDir(),
                Confinement.sets(options.isolation(), capabilities),
                security.noNewPrivileges(),
                AppArmor.host()
                        .profile(
                                security.apparmor(),
                                process.additions().insecure()
                                        || options.isolation().privileged())
                        .orElse(null),
                // Left out, a container would be spared as the daemon is.
                options.resources().oomScoreAdj(),
                Ulimits.spec(process.additions().limits(), options.isolation().limits()));
    }

    private static List<Integer> groups(ContainerUser user, CdiEdits devices) {
        return Stream.concat(user.groups().stream(), devices.groups().stream())
                .distinct()
                .toList();
    }

    private static List<String> environment(ContainerProcess process, ContainerUser user, String hostname) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", DefaultSpec.PATH);
        variables.put("HOSTNAME", hostname);
        if (process.terminal()) {
            variables.put("TERM", "xterm");
        }
        variables.put("HOME", user.home());
        for (List<String> given : List.of(
                process.env(),
                process.additions().devices().env(),
                process.additions().secretEnv())) {
            for (String variable : given) {
                ProcessVariables.apply(variable, variables);
            }
        }
        List<String> environment = new ArrayList<>();
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        return environment;
    }
}

package dev.wherry.daemon.runtime.security;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel of this host lets confine a container that asks for nothing else. */
public final class DefaultConfinement {

    private static final Path SECCOMP = Path.of("/proc/sys/kernel/seccomp/actions_avail");
    private static final Path CGROUP_NAMESPACE = Path.of("/proc/self/ns/cgroup");
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup/cgroup.controllers");

    private DefaultConfinement() {}

    /** In the notation of docker's {@code info}. */
    public static List<String> options() {
        List<String> options = new ArrayList<>();
        if (AppArmor.host().hasDefault()) {
            options.add("name=apparmor");
        }
        if (Files.exists(SECCOMP)) {
            options.add("name=seccomp,profile=builtin");
        }
        if (Files.exists(CGROUP_NAMESPACE) && Files.exists(UNIFIED)) {
            options.add("name=cgroupns");
        }
        return options;
    }
}

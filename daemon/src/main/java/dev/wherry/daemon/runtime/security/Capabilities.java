package dev.wherry.daemon.runtime.security;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.runtime.spec.DefaultSpec;
import dev.wherry.daemon.runtime.spec.Isolation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** Which capabilities (capabilities(7)) a container has. */
public final class Capabilities {

    private static final String ALL = "ALL";

    /** All of them, each at the place of its number. */
    private static final List<String> NAMES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private Capabilities() {}

    /** All that the daemon itself may give. */
    public static List<String> all() {
        long granted = Processes.boundingCapabilities();
        return IntStream.range(0, NAMES.size())
                .filter(number -> (granted >>> number & 1) != 0)
                .mapToObj(NAMES::get)
                .toList();
    }

    /**
     * The default ones without those dropped and with those added. What is both added and dropped by name is there; with
     * all added, it is not.
     *
     * @throws InvalidInputException when a name is not known, or the daemon lacks what is added
     */
    public static List<String> of(Isolation isolation) {
        if (isolation.privileged()) {
            return all();
        }
        List<String> add = new ArrayList<>(named("capability to add:", isolation.capAdd()));
        // What is ambient is permitted too.
        add.addAll(ambient(isolation));
        List<String> drop = named("capability to drop:", isolation.capDrop());
        if (add.isEmpty() && drop.isEmpty()) {
            return DefaultSpec.CAPABILITIES;
        }
        if (add.contains(ALL)) {
            List<String> most = new ArrayList<>(all());
            most.removeAll(drop);
            return most;
        }
        Set<String> kept = new LinkedHashSet<>(drop.contains(ALL) ? List.of() : DefaultSpec.CAPABILITIES);
        drop.forEach(kept::remove);
        List<String> available = add.isEmpty() ? List.of() : all();
        for (String name : add) {
            if (!available.contains(name)) {
                throw lacking(name);
            }
            kept.add(name);
        }
        return List.copyOf(kept);
    }

    /**
     * Those that a program of the container has without being root.
     *
     * @throws InvalidInputException when a name is not known, or the daemon lacks one
     */
    public static List<String> ambient(Isolation isolation) {
        List<String> names = named("ambient capability:", isolation.pod().ambient());
        List<String> all = names.isEmpty() ? List.of() : all();
        if (names.contains(ALL)) {
            return all;
        }
        names.stream().filter(name -> !all.contains(name)).findFirst().ifPresent(name -> {
            throw lacking(name);
        });
        return names;
    }

    private static InvalidInputException lacking(String name) {
        return new InvalidInputException(
                "capability " + name + ": the daemon itself does not have this capability, so that it cannot give it");
    }

    private static List<String> named(String field, List<String> given) {
        List<String> names = new ArrayList<>();
        for (String text : given) {
            String upper = text.toUpperCase(Locale.ROOT);
            String name = upper.equals(ALL) || upper.startsWith("CAP_") ? upper : "CAP_" + upper;
            if (name.equals("CAP_ALL")) {
                name = ALL;
            }
            if (!name.equals(ALL) && !NAMES.contains(name)) {
                throw new InvalidInputException(
                        field + " " + text + ": there is no capability of that name: see capabilities(7), or use ALL");
            }
            names.add(name);
        }
        return names;
    }
}

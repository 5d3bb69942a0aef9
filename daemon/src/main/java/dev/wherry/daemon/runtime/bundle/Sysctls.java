package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Kernel parameters of a container's own namespaces; others would change the host. */
final class Sysctls {

    private static final Set<String> OF_IPC = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    private Sysctls() {}

    /** @throws InvalidInputException when a parameter is the host's, since no namespace of the container has it */
    static void check(Isolation isolation, NetworkMode network) {
        isolation.sysctls().forEach((name, value) -> {
            String dotted = name.replace('/', '.');
            if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f) || dotted.contains("..")) {
                throw new InvalidInputException("kernel parameter " + name + ": the value or name is malformed");
            }
            if (OF_IPC.contains(dotted) || dotted.startsWith("fs.mqueue.")) {
                if (isolation.ipc().equals("host")) {
                    throw shared(name, "IPC namespace");
                }
            } else if (dotted.startsWith("net.")) {
                if (network == NetworkMode.HOST) {
                    throw shared(name, "network");
                }
            } else {
                throw new InvalidInputException("kernel parameter " + name
                        + ": not allowed, since it is the whole host's: use net.*, fs.mqueue.*, kernel.msg*,"
                        + " kernel.sem or kernel.shm*");
            }
        });
    }

    private static InvalidInputException shared(String name, String what) {
        return new InvalidInputException(
                "kernel parameter " + name + ": not allowed, since the container shares the host's " + what);
    }

    /** Null when there are none. In a network of its own anybody may open low ports and send echo requests, as docker has it. */
    static Map<String, String> spec(ContainerProcess process) {
        Map<String, String> sysctls = new TreeMap<>();
        NetworkMode network = process.network().mode();
        if (network == NetworkMode.NONE || network == NetworkMode.BRIDGE) {
            ifThere(sysctls, "net.ipv4.ip_unprivileged_port_start", "0");
            ifThere(sysctls, "net.ipv4.ping_group_range", "0 2147483647");
        }
        if (!process.options().domainName().isEmpty()) {
            sysctls.put("kernel.domainname", process.options().domainName());
        }
        process.options().isolation().sysctls().forEach((name, value) -> sysctls.put(name.replace('/', '.'), value));
        return sysctls.isEmpty() ? null : sysctls;
    }

    private static void ifThere(Map<String, String> sysctls, String name, String value) {
        if (Files.exists(Path.of("/proc/sys").resolve(name.replace('.', '/')))) {
            sysctls.put(name, value);
        }
    }
}

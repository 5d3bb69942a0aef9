package dev.wherry.daemon.runtime.spec;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one process gets besides what every container has.
 *
 * @param mounts in the order in which they are made
 * @param secretEnv "KEY=VALUE", as the environment of a process, but never on a disk
 * @param hosts for {@code /etc/hosts}
 * @param shmBytes size of {@code /dev/shm}; empty for the usual 64 MiB
 * @param limits instead of those it inherits
 * @param insecure whether it has all capabilities, all devices, and no system call is kept from it
 * @param devices what devices of the host bring
 */
public record ProcessAdditions(
        List<ExtraMount> mounts,
        List<String> secretEnv,
        List<ExtraHost> hosts,
        OptionalLong shmBytes,
        List<Limit> limits,
        boolean insecure,
        CdiEdits devices) {

    /** Without devices. */
    public ProcessAdditions(
            List<ExtraMount> mounts,
            List<String> secretEnv,
            List<ExtraHost> hosts,
            OptionalLong shmBytes,
            List<Limit> limits,
            boolean insecure) {
        this(mounts, secretEnv, hosts, shmBytes, limits, insecure, CdiEdits.NONE);
    }

    /** Nothing. */
    public static final ProcessAdditions NONE =
            new ProcessAdditions(List.of(), List.of(), List.of(), OptionalLong.empty(), List.of(), false);

    public ProcessAdditions {
        mounts = List.copyOf(mounts);
        secretEnv = List.copyOf(secretEnv);
        hosts = List.copyOf(hosts);
        limits = List.copyOf(limits);
    }

    /**
     * A resource limit, as in setrlimit(2).
     *
     * @param name in small letters without "RLIMIT_", such as {@code nofile}
     * @param soft -1 for none
     * @param hard -1 for none
     */
    @RegisterForReflection
    public record Limit(String name, long soft, long hard) {

        /** All that the kernel knows. */
        public static final Set<String> NAMES = Set.of(
                "as",
                "core",
                "cpu",
                "data",
                "fsize",
                "locks",
                "memlock",
                "msgqueue",
                "nice",
                "nofile",
                "nproc",
                "rss",
                "rtprio",
                "rttime",
                "sigpending",
                "stack");
    }

    /** Whether there is something that no disk may hold. */
    public boolean isSecret() {
        return !secretEnv.isEmpty() || mounts.stream().anyMatch(ExtraMount.Secret.class::isInstance);
    }
}

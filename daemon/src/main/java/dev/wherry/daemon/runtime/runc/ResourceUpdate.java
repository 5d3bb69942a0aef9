package dev.wherry.daemon.runtime.runc;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.runtime.cgroup.HugePageLimits;
import dev.wherry.daemon.runtime.cgroup.ResourceLimits;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.PodLimits;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.HugePages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Gives a running container other limits, by the runtime's {@code update}. */
public final class ResourceUpdate {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SWAP_ACCOUNTING = Path.of("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes");
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup/cgroup.controllers");
    private static final long PERIOD = 100_000;
    private static final long NANOS_OF_CPU = 1_000_000_000;

    private final OciRuntime runc;
    private final Path state;

    /** @param state the runtime's state folder */
    public ResourceUpdate(OciRuntime runc, Path state) {
        this.runc = runc;
        this.state = state;
    }

    /** The limits before, with those of the changes that are not 0 or empty. */
    public static Resources merge(Resources before, Resources changes) {
        return new Resources(
                or(changes.memory(), before.memory()),
                or(changes.memoryReservation(), before.memoryReservation()),
                or(changes.memorySwap(), before.memorySwap()),
                before.memorySwappiness(),
                or(changes.nanoCpus(), changes.cpuQuota() != 0 ? 0 : before.nanoCpus()),
                or(changes.cpuShares(), before.cpuShares()),
                or(changes.cpuPeriod(), changes.nanoCpus() != 0 ? 0 : before.cpuPeriod()),
                or(changes.cpuQuota(), changes.nanoCpus() != 0 ? 0 : before.cpuQuota()),
                changes.cpusetCpus().isEmpty() ? before.cpusetCpus() : changes.cpusetCpus(),
                changes.cpusetMems().isEmpty() ? before.cpusetMems() : changes.cpusetMems(),
                or(changes.pidsLimit(), before.pidsLimit()),
                changes.blkioWeight() == 0 ? before.blkioWeight() : changes.blkioWeight(),
                before.oomScoreAdj(),
                before.oomKillDisable(),
                before.cgroupParent(),
                before.readBytes(),
                before.writeBytes(),
                before.readOperations(),
                before.writeOperations());
    }

    private static long or(long change, long before) {
        return change == 0 ? before : change;
    }

    /**
     * Returns when the limits hold.
     *
     * @param pid of the container's first process
     * @throws HostException when the kernel does not take them, such as less memory than is in use
     */
    public void apply(String id, int pid, Resources limits, PodLimits ofPod) {
        HugePageLimits hugePages = HugePageLimits.of(id, pid, ofPod);
        List<String> command = List.of(
                runc.of(state, id).toString(),
                "--root",
                state.toString(),
                "--log-format",
                "json",
                "update",
                "--resources",
                "/dev/stdin",
                id);
        try {
            ShortProgram.Answer answer = OciRuntime.answer(
                    command,
                    JSON.writeValueAsBytes(
                            json(limits, ResourceLimits.hugePages(ofPod), ResourceLimits.unified(ofPod))));
            if (answer.code() != 0) {
                throw new HostException("cannot update the limits of container " + id.substring(0, 12) + ": "
                        + RuntimeFailure.message(answer.errors()));
            }
        } catch (IOException failure) {
            throw new HostException("cannot update the limits of the container: " + failure.getMessage(), failure);
        }
        // Last: runc has just set those of the start again.
        hugePages.apply();
    }

    /** What the runtime reads; null is none. */
    static ObjectNode json(Resources limits, List<HugePages> hugePages, Map<String, String> unified) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode memory = root.putObject("memory");
        put(memory, "limit", limits.memory());
        put(memory, "reservation", limits.memoryReservation());
        if (limits.memory() != 0 && (Files.exists(SWAP_ACCOUNTING) || Files.exists(UNIFIED))) {
            put(memory, "swap", or(limits.memorySwap(), 2 * limits.memory()));
        }
        ObjectNode cpu = root.putObject("cpu");
        put(cpu, "shares", limits.cpuShares());
        put(cpu, "quota", limits.nanoCpus() == 0 ? limits.cpuQuota() : limits.nanoCpus() * PERIOD / NANOS_OF_CPU);
        put(cpu, "period", limits.nanoCpus() == 0 ? limits.cpuPeriod() : PERIOD);
        if (!limits.cpusetCpus().isEmpty()) {
            cpu.put("cpus", limits.cpusetCpus());
        }
        if (!limits.cpusetMems().isEmpty()) {
            cpu.put("mems", limits.cpusetMems());
        }
        put(root.putObject("pids"), "limit", limits.pidsLimit());
        put(root.putObject("blockIO"), "weight", limits.blkioWeight());
        put(root, "hugepageLimits", hugePages);
        // All of them at each update: the limits above are written to some of the same files.
        put(root, "unified", unified);
        return root;
    }

    private static void put(ObjectNode into, String name, Object limits) {
        if (limits != null) {
            into.set(name, JSON.valueToTree(limits));
        }
    }

    private static void put(ObjectNode into, String name, long limit) {
        if (limit != 0) {
            into.put(name, limit);
        }
    }
}

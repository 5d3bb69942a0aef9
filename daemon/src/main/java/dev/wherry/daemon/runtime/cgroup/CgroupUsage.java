package dev.wherry.daemon.runtime.cgroup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the kernel counts for the control groups of one container, of version 1 or 2, and for its network. Made once for
 * a run of a container, read as often as wanted; what cannot be read, since the container has just ended, is 0.
 */
public final class CgroupUsage {

    private static final Path PROC = Path.of("/proc");
    /** Crun keeps the processes of a container, and its limits, in a group within the scope of systemd. */
    private static final String CRUNS_GROUP = "container/";

    private static final int LARGEST_FILE = 1 << 20;

    /** Path of the container's group by controller; the empty name for version 2. */
    private final Map<String, Path> groups;

    private final Path process;
    private final boolean ownNetwork;
    private final boolean unified;

    /** Bytes that came in, or were read, and that went out, or were written. */
    public record Traffic(long in, long out) {}

    private CgroupUsage(Map<String, Path> groups, Path process, boolean ownNetwork) {
        this.groups = groups;
        this.process = process;
        this.ownNetwork = ownNetwork;
        this.unified = CgroupHierarchy.isUnified();
    }

    /**
     * Finds the groups of a container.
     *
     * @param pid of its first process, which may have put itself into a group below the container's
     */
    public static CgroupUsage of(String container, int pid) {
        Path process = PROC.resolve(Integer.toString(pid));
        return new CgroupUsage(
                ContainerGroups.of(container, pid), process, !network(process).equals(network(PROC.resolve("self"))));
    }

    private static String network(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/net")).toString();
        } catch (IOException gone) {
            return "";
        }
    }

    /** CPU time since the start. */
    public long cpuNanos() {
        return unified ? 1000 * value(text("", "cpu.stat"), "usage_usec") : number(text("cpuacct", "cpuacct.usage"), 0);
    }

    /** As docker counts it: file pages that were not used lately do not count, the kernel drops them when asked. */
    public long memoryBytes() {
        long used = number(text("memory", unified ? "memory.current" : "memory.usage_in_bytes"), 0);
        long inactive = value(text("memory", "memory.stat"), unified ? "inactive_file" : "total_inactive_file");
        return inactive < used ? used - inactive : used;
    }

    /** What memory is used for, and how often a page was not there. */
    public record Memory(long usage, long rss, long faults, long majorFaults) {

        public static final Memory NONE = new Memory(0, 0, 0, 0);

        public Memory plus(Memory other) {
            return new Memory(
                    usage + other.usage, rss + other.rss, faults + other.faults, majorFaults + other.majorFaults);
        }
    }

    /** All of its memory, with the pages of files. */
    public Memory memory() {
        String counts = text("memory", "memory.stat");
        return new Memory(
                number(text("memory", unified ? "memory.current" : "memory.usage_in_bytes"), 0),
                value(counts, unified ? "anon" : "total_rss"),
                value(counts, unified ? "pgfault" : "total_pgfault"),
                value(counts, unified ? "pgmajfault" : "total_pgmajfault"));
    }

    /**
     * The limit of the container's group, or of the group within it that some runtimes make for its processes, whichever
     * the runtime has set; the host's memory when there is none.
     */
    public long memoryLimitBytes() {
        long host = 1024 * value(read(PROC.resolve("meminfo")).replace(":", ""), "MemTotal");
        String file = unified ? "memory.max" : "memory.limit_in_bytes";
        long limit = number(text("memory", file), Long.MAX_VALUE);
        long inner = number(text("memory", CRUNS_GROUP + file), Long.MAX_VALUE);
        return Math.min(host, Math.min(limit, inner));
    }

    /** Processes and threads. */
    public long pids() {
        return number(text("pids", "pids.current"), 0);
    }

    /** What went over the network interfaces of the container, but for its loopback; nothing for the host's. */
    public Traffic network() {
        long in = 0;
        long out = 0;
        for (String line : ownNetwork ? read(process.resolve("net/dev")).split("\n") : new String[0]) {
            int colon = line.indexOf(':');
            String[] counts = line.substring(colon + 1).strip().split("\\s+");
            if (colon > 0
                    && counts.length > 8
                    && !line.substring(0, colon).strip().equals("lo")) {
                in += number(counts[0], 0);
                out += number(counts[8], 0);
            }
        }
        return new Traffic(in, out);
    }

    /** What was read from and written to block devices. */
    public Traffic blocks() {
        return unified
                ? blocksUnified("rbytes=", "wbytes=")
                : blocksOfVersionOne("blkio.throttle.io_service_bytes_recursive");
    }

    /** How often block devices were read and written. */
    Traffic operations() {
        return unified ? blocksUnified("rios=", "wios=") : blocksOfVersionOne("blkio.throttle.io_serviced_recursive");
    }

    private Traffic blocksUnified(String read, String written) {
        long in = 0;
        long out = 0;
        for (String field : text("", "io.stat").split("\\s+")) {
            if (field.startsWith(read)) {
                in += number(field.substring(read.length()), 0);
            } else if (field.startsWith(written)) {
                out += number(field.substring(written.length()), 0);
            }
        }
        return new Traffic(in, out);
    }

    private Traffic blocksOfVersionOne(String file) {
        String counts = text("blkio", file);
        long in = 0;
        long out = 0;
        for (String line : counts.split("\n")) {
            String[] fields = line.split(" ");
            if (fields.length == 3 && fields[1].equals("Read")) {
                in += number(fields[2], 0);
            } else if (fields.length == 3 && fields[1].equals("Write")) {
                out += number(fields[2], 0);
            }
        }
        return new Traffic(in, out);
    }

    /** The processes in the container, those of groups below its own too. */
    public List<Integer> processes() {
        Path group = groups.getOrDefault(unified ? "" : "pids", groups.getOrDefault("devices", CgroupHierarchy.ROOT));
        List<Integer> pids = new ArrayList<>();
        if (group.equals(CgroupHierarchy.ROOT)) {
            return pids;
        }
        try (Stream<Path> below = Files.walk(group)) {
            below.filter(Files::isDirectory)
                    .forEach(folder -> read(folder.resolve("cgroup.procs"))
                            .lines()
                            .forEach(line -> pids.add(Integer.parseInt(line))));
        } catch (IOException | java.io.UncheckedIOException ended) {
            return List.of();
        }
        return pids;
    }

    String text(String controller, String file) {
        Path group = groups.get(unified ? "" : controller);
        return group == null ? "" : read(group.resolve(file));
    }

    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LARGEST_FILE), StandardCharsets.UTF_8);
        } catch (IOException absent) {
            return "";
        }
    }

    static long value(String counts, String name) {
        for (String line : counts.split("\n")) {
            if (line.startsWith(name + " ")) {
                return number(line.substring(name.length()).replace("kB", ""), 0);
            }
        }
        return 0;
    }

    static long number(String text, long otherwise) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException none) {
            return otherwise;
        }
    }
}

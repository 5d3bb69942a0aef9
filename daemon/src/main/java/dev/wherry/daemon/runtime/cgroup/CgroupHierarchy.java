package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.linux.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What the host's control groups can do. Version 2 has one hierarchy; of version 1, each controller has its own, beside
 * which one of version 2 without controllers may be mounted ("hybrid").
 */
public final class CgroupHierarchy {

    static final Path ROOT = Path.of("/sys/fs/cgroup");

    private CgroupHierarchy() {}

    /** Whether there is the one hierarchy of version 2. */
    public static boolean isUnified() {
        return Files.exists(ROOT.resolve("cgroup.controllers"));
    }

    /** The one of version 2, or each mounted one of version 1. */
    static List<Path> hierarchies() throws IOException {
        return isUnified()
                ? List.of(ROOT)
                : FileTrees.list(ROOT).stream().filter(Files::isDirectory).toList();
    }

    static boolean has(String controller) {
        if (!isUnified()) {
            return Files.isDirectory(ROOT.resolve(controller));
        }
        // What version 1 called blkio is io now; cpuacct and cpu are one.
        String name = controller.equals("blkio") ? "io" : controller;
        return Arrays.asList(read(ROOT.resolve("cgroup.controllers")).split("\\s"))
                .contains(name);
    }

    /** Whether memory and swap together can be limited. */
    static boolean hasSwapLimit() {
        return isUnified() ? has("memory") : Files.exists(ROOT.resolve("memory/memory.memsw.limit_in_bytes"));
    }

    static boolean hasSwappiness() {
        return Files.exists(ROOT.resolve("memory/memory.swappiness"));
    }

    static boolean hasOomKillDisable() {
        return Files.exists(ROOT.resolve("memory/memory.oom_control"));
    }

    static boolean hasBlkioWeight() {
        return isUnified()
                ? has("blkio")
                : Files.exists(ROOT.resolve("blkio/blkio.weight"))
                        || Files.exists(ROOT.resolve("blkio/blkio.bfq.weight"));
    }

    /** Processors, or memory nodes, that may be used: a list such as "0-3,8"; empty when it cannot be told. */
    static String available(String cpusOrMems) {
        String file = isUnified() ? "cpuset." + cpusOrMems + ".effective" : "cpuset/cpuset." + cpusOrMems;
        return read(ROOT.resolve(file)).strip();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException absent) {
            return "";
        }
    }
}

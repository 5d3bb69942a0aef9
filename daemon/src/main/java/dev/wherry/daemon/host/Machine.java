package dev.wherry.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine as its users know it.
 *
 * @param kernel release of the kernel
 * @param architecture as image platforms spell it: "amd64", "arm64"
 * @param operatingSystem what the distribution calls itself
 * @param cgroupVersion "1" or "2"
 */
public record Machine(
        String hostname,
        String kernel,
        String architecture,
        String operatingSystem,
        int cpus,
        long memoryBytes,
        String cgroupVersion) {

    /** Reads what the kernel and the distribution say now. */
    public static Machine read() {
        return new Machine(
                line(Path.of("/proc/sys/kernel/hostname")),
                line(Path.of("/proc/sys/kernel/osrelease")),
                architecture(System.getProperty("os.arch")),
                value(Path.of("/etc/os-release"), "PRETTY_NAME=").replace("\"", ""),
                Runtime.getRuntime().availableProcessors(),
                memory(value(Path.of("/proc/meminfo"), "MemTotal:")),
                Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "2" : "1");
    }

    private static String architecture(String java) {
        return switch (java) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> java;
        };
    }

    private static long memory(String kibibytes) {
        String digits = kibibytes.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) * 1024;
    }

    private static String line(Path file) {
        return value(file, "");
    }

    /** What follows the prefix on the first line that starts with it. */
    private static String value(Path file, String prefix) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(prefix))
                    .findFirst()
                    .map(line -> line.substring(prefix.length()).strip())
                    .orElse("");
        } catch (IOException absent) {
            return "";
        }
    }
}

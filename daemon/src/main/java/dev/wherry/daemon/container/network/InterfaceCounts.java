package dev.wherry.daemon.container.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the kernel counts for one network interface of a process, in the order of {@code /proc/PID/net/dev}. */
public record InterfaceCounts(long[] received, long[] sent) {

    private static final int COLUMNS = 8;

    /** By the names of the interfaces, but for the loopback interface; none for a process that has ended. */
    public static Map<String, InterfaceCounts> of(int pid) {
        Map<String, InterfaceCounts> all = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "net", "dev"))) {
                int colon = line.indexOf(':');
                String name = colon < 0 ? "lo" : line.substring(0, colon).strip();
                String[] columns = line.substring(colon + 1).strip().split("\\s+");
                if (!name.equals("lo") && columns.length >= 2 * COLUMNS) {
                    all.put(name, new InterfaceCounts(numbers(columns, 0), numbers(columns, COLUMNS)));
                }
            }
        } catch (IOException ended) {
            return Map.of();
        }
        return all;
    }

    private static long[] numbers(String[] columns, int from) {
        long[] numbers = new long[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            numbers[i] = Long.parseUnsignedLong(columns[from + i]);
        }
        return numbers;
    }

    /** As Kubernetes calls them. */
    public Map<String, Long> named() {
        Map<String, Long> named = new LinkedHashMap<>();
        Map.of("receive", received, "transmit", sent).forEach((way, counts) -> {
            named.put(way + "_bytes_total", counts[0]);
            named.put(way + "_packets_total", counts[1]);
            named.put(way + "_errors_total", counts[2]);
            named.put(way + "_packets_dropped_total", counts[3]);
        });
        return named;
    }
}

package dev.wherry.daemon.runtime.bundle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The host's {@code resolv.conf} as a process in another network namespace can use it. */
public final class HostResolver {

    private static final Path OF_HOST = Path.of("/etc/resolv.conf");
    /** Where systemd-resolved writes the servers that it asks itself, while the host's file names its own loopback address. */
    private static final Path BEHIND_RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");
    /** Docker's choice for a host that names no server which others can reach. */
    private static final List<String> PUBLIC = List.of("8.8.8.8", "8.8.4.4");

    private HostResolver() {}

    /** The file without servers on loopback and link-local addresses, which lead nowhere from another namespace. */
    public static String reachable() throws IOException {
        return reachable(NameFiles.readIfThere(OF_HOST), NameFiles.readIfThere(BEHIND_RESOLVED));
    }

    /** @param behind what systemd-resolved asks; empty where that does not run */
    static String reachable(String host, String behind) {
        String first = filtered(host);
        if (hasServer(first)) {
            return first;
        }
        String second = filtered(behind);
        if (hasServer(second)) {
            return second;
        }
        StringBuilder text = new StringBuilder(first);
        PUBLIC.forEach(server -> text.append("nameserver ").append(server).append('\n'));
        return text.toString();
    }

    private static String filtered(String file) {
        List<String> lines = new ArrayList<>();
        for (String line : file.split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (!line.isEmpty() && !(words[0].equals("nameserver") && words.length > 1 && isLocal(words[1]))) {
                lines.add(line);
            }
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static boolean isLocal(String address) {
        return address.startsWith("127.") || address.equals("::1") || address.contains("%");
    }

    private static boolean hasServer(String file) {
        return file.lines().anyMatch(line -> line.strip().startsWith("nameserver"));
    }
}

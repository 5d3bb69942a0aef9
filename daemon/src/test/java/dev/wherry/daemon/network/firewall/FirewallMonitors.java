package dev.wherry.daemon.network.firewall;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Monitors of the firewall that this process has started. */
public final class FirewallMonitors {

    private static final Path SOCKETS = Path.of("/proc/net/netlink");
    private static final String NETFILTER = "12";

    private FirewallMonitors() {}

    /** Waits until the kernel tells one of them of changes. */
    public static void awaitListening() {
        await().until(() -> running().stream().anyMatch(FirewallMonitors::listens));
    }

    /** Processes of nft. */
    public static List<ProcessHandle> running() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/nft"))
                .toList();
    }

    /** A socket has the ID of its process, and the groups of events that it has joined. */
    private static boolean listens(ProcessHandle process) {
        try {
            return Files.readString(SOCKETS)
                    .lines()
                    .map(line -> line.split("\\s+"))
                    .anyMatch(fields -> fields[1].equals(NETFILTER)
                            && fields[2].equals(Long.toString(process.pid()))
                            && Long.parseLong(fields[3], 16) != 0);
        } catch (IOException failure) {
            return false;
        }
    }
}

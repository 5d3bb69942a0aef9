package dev.wherry.daemon.network.port;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which program of the host has a port, by what the kernel tells about sockets and the descriptors of processes. */
final class ListeningSockets {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ListeningSockets() {}

    /** The name and process ID of a program that has a port, as {@code nginx (process 4711)}. */
    static Optional<String> holder(String protocol, int port) {
        Set<String> links = new HashSet<>();
        for (String table : List.of(protocol, protocol + "6")) {
            try {
                inodes(Files.readString(PROC.resolve("net").resolve(table), StandardCharsets.US_ASCII), port, protocol)
                        .forEach(inode -> links.add("socket:[" + inode + "]"));
            } catch (IOException absent) {
                // no such protocol
            }
        }
        return links.isEmpty() ? Optional.empty() : process(links);
    }

    /** Sockets of a table of the kernel that have a port; of tcp only those that listen. */
    static Set<String> inodes(String table, int port, String protocol) {
        String suffix = ":%04X".formatted(port);
        Set<String> inodes = new HashSet<>();
        table.lines().skip(1).forEach(line -> {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > INODE
                    && fields[LOCAL].endsWith(suffix)
                    && (!protocol.equals("tcp") || fields[STATE].equals(LISTEN))) {
                inodes.add(fields[INODE]);
            }
        });
        return inodes;
    }

    private static Optional<String> process(Set<String> links) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, links)) {
                    String name = Files.readString(process.resolve("comm"), StandardCharsets.UTF_8)
                            .strip();
                    return Optional.of(name + " (process " + process.getFileName() + ")");
                }
            }
        } catch (IOException gone) {
            // not known
        }
        return Optional.empty();
    }

    private static boolean has(Path process, Set<String> links) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (links.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException gone) {
            // it ended, or hides its descriptors
        }
        return false;
    }
}

package dev.wherry.daemon.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** Ranges of version 4 that the host has routes to, by the kernel's table. */
public final class HostRoutes {

    private static final Path TABLE = Path.of("/proc/net/route");
    private static final int DESTINATION = 1;
    private static final int MASK = 7;

    private HostRoutes() {}

    /** Those that the host has now; none where the kernel does not say. */
    static Supplier<List<Cidr>> ofHost() {
        return () -> {
            try {
                return parse(Files.readString(TABLE, StandardCharsets.US_ASCII));
            } catch (IOException unknown) {
                return List.of();
            }
        };
    }

    /** The routes of a table, without default routes. */
    static List<Cidr> parse(String table) {
        List<Cidr> routes = new ArrayList<>();
        table.lines().skip(1).forEach(line -> {
            String[] fields = line.split("\\s+");
            int prefix = Integer.bitCount(Integer.parseUnsignedInt(fields[MASK], 16));
            if (prefix > 0) {
                routes.add(new Cidr(address(fields[DESTINATION]), prefix));
            }
        });
        return routes;
    }

    /** The kernel writes addresses as numbers of the host's byte order, which is little-endian. */
    private static InetAddress address(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        try {
            return InetAddress.getByAddress(new byte[] {bytes[3], bytes[2], bytes[1], bytes[0]});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.runtime.bundle.JoinedContainers.Peer;
import dev.wherry.daemon.runtime.spec.ResolverConfig;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Mount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files in a bundle that tell a container of names, mounted over its own. Who joins another's network has the
 * other's: both see every change.
 */
final class NameFiles {

    static final List<String> NAMES = List.of("resolv.conf", "hosts", "hostname");

    private NameFiles() {}

    static void write(Path bundle, ContainerProcess process, String hostname) throws IOException {
        if (process.options().peers().network().isPresent()) {
            return;
        }
        Files.writeString(bundle.resolve("hostname"), hostname + "\n");
        Files.write(bundle.resolve("hosts"), hosts(process, hostname));
        byte[] resolver = readIfThere(Path.of("/etc/resolv.conf"));
        if (process.options().resolver().equals(ResolverConfig.HOST)) {
            Files.write(bundle.resolve("resolv.conf"), resolver);
        } else {
            Files.writeString(
                    bundle.resolve("resolv.conf"),
                    process.options().resolver().file(new String(resolver, StandardCharsets.UTF_8)));
        }
    }

    static List<Mount> mounts(Path bundle, ContainerProcess process) {
        Path from = process.options().peers().network().map(Peer::bundle).orElse(bundle);
        List<Mount> mounts = new ArrayList<>();
        for (String name : NAMES) {
            mounts.add(new Mount("/etc/" + name, "bind", from.resolve(name).toString(), List.of("rbind", "rprivate")));
        }
        return mounts;
    }

    /** The name that a container has: its own, that of whose network it joins, or the host's. */
    static String hostname(ContainerProcess process) throws IOException {
        Optional<Peer> peer = process.options().peers().network();
        if (peer.isPresent()) {
            return Files.readString(peer.get().bundle().resolve("hostname")).strip();
        }
        return process.hostname().isEmpty() ? Bundle.hostHostname() : process.hostname();
    }

    private static byte[] hosts(ContainerProcess process, String hostname) throws IOException {
        ByteArrayOutputStream hosts = new ByteArrayOutputStream();
        hosts.write(
                switch (process.network()) {
                    case HOST -> readIfThere(Path.of("/etc/hosts"));
                    case NONE, CONTAINER ->
                        ("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t"
                                        + full(process, hostname) + hostname + "\n")
                                .getBytes(StandardCharsets.UTF_8);
                });
        for (String line : process.additions().hosts()) {
            hosts.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return hosts.toByteArray();
    }

    private static String full(ContainerProcess process, String hostname) {
        String domain = process.options().domainName();
        return domain.isEmpty() ? "" : hostname + "." + domain + " ";
    }

    private static byte[] readIfThere(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException absent) {
            return new byte[0];
        }
    }
}

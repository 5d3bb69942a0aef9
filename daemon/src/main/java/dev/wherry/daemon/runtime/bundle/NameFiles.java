package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ResolverConfig;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code resolv.conf}, {@code hosts} and {@code hostname}: files that are mounted over those of the root file system. A
 * container has one set of them for all its runs, and a container that joins the network of another uses the other's, so
 * that both see every change.
 */
public final class NameFiles {

    static final List<String> NAMES = List.of("resolv.conf", "hosts", "hostname");

    private static final String LOCAL = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            """;
    private static final String MULTICAST = """
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;

    private NameFiles() {}

    /**
     * Writes the files, or brings them up to date: what a user changed in them stays. May be called again while the
     * process runs, which sees the change.
     *
     * @param own what is known of its networks at this moment
     * @throws InvalidInputException when an additional host is the gateway, and there is none
     */
    public static void write(Path folder, ContainerProcess process, OwnNames own) {
        if (process.options().peers().names().isPresent()) {
            return;
        }
        try {
            String hostname = hostname(process);
            new GeneratedFile(folder, "hostname").replace(hostname + "\n");
            new GeneratedFile(folder, "hosts").merge(hosts(process, hostname, own));
            new GeneratedFile(folder, "resolv.conf").replace(resolver(process, own));
        } catch (IOException failure) {
            throw new HostException("cannot write the name files in " + folder + ": " + failure.getMessage(), failure);
        }
    }

    static List<Mount> mounts(Path folder, ContainerProcess process) {
        Path from = process.options().peers().names().orElse(folder);
        List<Mount> mounts = new ArrayList<>();
        for (String name : NAMES) {
            mounts.add(new Mount("/etc/" + name, "bind", from.resolve(name).toString(), List.of("rbind", "rprivate")));
        }
        return mounts;
    }

    /** The name that a container has: its own, that of whose network it joins, or the host's. */
    static String hostname(ContainerProcess process) throws IOException {
        Optional<Path> joined = process.options().peers().names();
        if (joined.isPresent()) {
            return Files.readString(joined.get().resolve("hostname")).strip();
        }
        return process.hostname().isEmpty() ? Bundle.hostHostname() : process.hostname();
    }

    private static String resolver(ContainerProcess process, OwnNames own) throws IOException {
        ResolverConfig asked = process.options().resolver();
        if (process.network().mode() != NetworkMode.BRIDGE) {
            return asked.file(readIfThere(Path.of("/etc/resolv.conf")));
        }
        String host = HostResolver.reachable();
        // A user's own servers are asked by the networks' servers, which know the names of containers.
        ResolverConfig servers = own.resolvers().isEmpty()
                ? asked
                : new ResolverConfig(own.resolvers(), asked.search(), asked.options());
        return servers.file(host);
    }

    private static String hosts(ContainerProcess process, String hostname, OwnNames own) throws IOException {
        StringBuilder hosts = new StringBuilder();
        String names = fullName(process, hostname) + hostname;
        hosts.append(
                switch (process.network().mode()) {
                    case HOST -> readIfThere(Path.of("/etc/hosts"));
                    case NONE, CONTAINER -> LOCAL + "127.0.1.1\t" + names + "\n";
                    case BRIDGE -> LOCAL + MULTICAST;
                });
        for (ExtraHost host : process.additions().hosts()) {
            hosts.append(host.line(() -> gateway(process, own))).append('\n');
        }
        own.links().forEach(line -> hosts.append(line).append('\n'));
        own.addresses()
                .forEach(address ->
                        hosts.append(address).append('\t').append(names).append('\n'));
        return hosts.toString();
    }

    /** On the host's network, or without one, the host is what the process sees at its own loopback interface. */
    private static String gateway(ContainerProcess process, OwnNames own) {
        return process.network().mode() == NetworkMode.BRIDGE
                ? own.gateway()
                        .orElseThrow(() -> new InvalidInputException(
                                "additional host: host-gateway is not known, since no network has a gateway"))
                : "127.0.0.1";
    }

    private static String fullName(ContainerProcess process, String hostname) {
        String domain = process.options().domainName();
        return domain.isEmpty() ? "" : hostname + "." + domain + " ";
    }

    /** Empty when the file is absent. */
    static String readIfThere(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException absent) {
            return "";
        }
    }
}

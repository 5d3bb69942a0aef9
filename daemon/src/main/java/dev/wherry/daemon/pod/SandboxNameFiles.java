package dev.wherry.daemon.pod;

import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.runtime.bundle.HostResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code resolv.conf}, {@code hostname} and {@code hosts} of a pod. Kubelet mounts a {@code hosts} of its own over the
 * one here.
 */
final class SandboxNameFiles {

    private static final String LOCAL = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            """;

    private SandboxNameFiles() {}

    /** @param hostname that the pod has */
    static void write(SandboxFiles files, SandboxConfig config, String hostname, List<String> addresses)
            throws IOException {
        Files.createDirectories(files.names());
        Files.writeString(files.names().resolve("hostname"), hostname + "\n");
        Files.writeString(files.names().resolve("resolv.conf"), resolver(config));
        StringBuilder hosts = new StringBuilder(config.hasNetwork() ? LOCAL : ofHost("/etc/hosts"));
        addresses.forEach(
                address -> hosts.append(address).append('\t').append(hostname).append('\n'));
        Files.writeString(files.names().resolve("hosts"), hosts);
    }

    /** What is given is all that there is: kubelet has worked out the rest. */
    private static String resolver(SandboxConfig config) throws IOException {
        SandboxConfig.Dns dns = config.dns();
        if (!dns.isGiven()) {
            return config.hasNetwork() ? HostResolver.reachable() : ofHost("/etc/resolv.conf");
        }
        StringBuilder text = new StringBuilder();
        if (!dns.searches().isEmpty()) {
            text.append("search ").append(String.join(" ", dns.searches())).append('\n');
        }
        dns.servers()
                .forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!dns.options().isEmpty()) {
            text.append("options ").append(String.join(" ", dns.options())).append('\n');
        }
        return text.toString();
    }

    private static String ofHost(String file) throws IOException {
        try {
            return Files.readString(Path.of(file));
        } catch (NoSuchFileException none) {
            return "";
        }
    }
}

package dev.wherry.daemon.network.netavark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * The program netavark, from version 1.4 on. It shall make links only: newer versions are told to leave the firewall
 * alone. Version 1.4 cannot be told, so it finds an {@code iptables} that has every rule already.
 */
@Singleton
public final class Netavark {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NO_FIREWALL = "none";

    private static final String SATISFIED = """
            #!/bin/sh
            # Netavark shall make links only; the rules of the firewall are made by wherryd.
            case $1 in --version) echo 'iptables v1.8.9 (nf_tables)' ;; esac
            """;

    private final Path folder;
    /** Below the root, since programs below the run root may be refused. */
    private final Path programs;
    /** What the program needs to know of its surroundings, once it is known; null before. */
    private volatile Map<String, String> environment;

    Netavark(Layout layout) {
        this.folder = layout.network().resolve("netavark");
        this.programs = layout.root().resolve("networks/bin");
    }

    /**
     * Makes links, and the bridges that they need.
     *
     * @throws HostException when a link cannot be made; others of the same call may have been
     */
    public void setUp(Path namespace, LinkCall call) {
        run("setup", namespace, call);
    }

    /**
     * Removes links, and each bridge whose last one it was.
     *
     * @throws HostException when there is no such link
     */
    public void tearDown(Path namespace, LinkCall call) {
        run("teardown", namespace, call);
    }

    private void run(String command, Path namespace, LinkCall call) {
        Path program = HostTools.find("netavark")
                .orElseThrow(() -> new HostException(
                        "netavark is missing, so that no network can be connected:" + " apt-get install netavark"));
        try {
            String failure = run(program, command, namespace, call, environment(program));
            if (!failure.isEmpty()) {
                throw new HostException("network " + names(call) + ": " + failure);
            }
        } catch (IOException failure) {
            throw new HostException("cannot run " + program + ": " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while netavark worked", interrupted);
        }
    }

    private static String names(LinkCall call) {
        return String.join(
                ", ",
                call.endpoints().stream().map(link -> link.network().name()).toList());
    }

    /** @return what went wrong; empty when nothing did */
    private String run(Path program, String command, Path namespace, LinkCall call, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(), "--config", folder.toString(), command, namespace.toString())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(call.json().getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : reason(output);
    }

    /** Netavark writes an error as JSON; what it logs may stand before it. */
    private static String reason(String output) {
        String last = output.lines().reduce("", (before, line) -> line);
        try {
            JsonNode json = JSON.readTree(last);
            if (json != null && json.hasNonNull("error")) {
                return json.get("error").asText();
            }
        } catch (JsonProcessingException plain) {
            // as it stands
        }
        return last.isEmpty() ? "netavark failed" : last;
    }

    private Map<String, String> environment(Path program) throws IOException, InterruptedException {
        Map<String, String> known = environment;
        if (known == null) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            known = canLeaveFirewall(program) ? Map.of("NETAVARK_FW", NO_FIREWALL) : satisfied();
            environment = known;
        }
        return known;
    }

    /** Version 1.6 was the first that can do without. */
    private static boolean canLeaveFirewall(Path program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return isFrom(version, 1, 6);
    }

    /** @param text such as "netavark 1.4.0" */
    static boolean isFrom(String text, int major, int minor) {
        var version =
                java.util.regex.Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})").matcher(text);
        if (!version.find()) {
            return true;
        }
        int first = Integer.parseInt(version.group(1));
        return first > major || first == major && Integer.parseInt(version.group(2)) >= minor;
    }

    private Map<String, String> satisfied() throws IOException {
        Files.createDirectories(programs);
        for (String name : List.of("iptables", "ip6tables")) {
            Path stub = programs.resolve(name);
            Files.writeString(stub, SATISFIED);
            Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwx------"));
        }
        return Map.of("NETAVARK_FW", "iptables", "PATH", programs.toString());
    }
}

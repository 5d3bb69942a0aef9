package dev.wherry.daemon.network.netavark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.linux.ShortProgram.Answer;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.Supervisors;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The program netavark, from version 1.4 on. It shall make links only: newer versions are told to leave the firewall
 * alone. Version 1.4 cannot be told, so it finds an {@code iptables} that has every rule already.
 */
@Singleton
public final class Netavark {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

    private final Path folder;
    /** Below the root, since programs below the run root may be refused. */
    private final Path programs;
    /** What the program needs to know of its surroundings, once it is known; null before. */
    private volatile List<String> environment;

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

    /** Ends what a killed daemon had begun, so that nothing is made any more behind the back of its successor. */
    public void endStrays() {
        try {
            Supervisors.killAll(List.of("--config", folder.toString()));
        } catch (IOException failure) {
            throw new HostException("cannot end netavark: " + failure.getMessage(), failure);
        }
    }

    private void run(String command, Path namespace, LinkCall call) {
        Path program = HostTools.find("netavark")
                .orElseThrow(() -> new HostException(
                        "netavark is missing, so that no network can be connected:" + " apt-get install netavark"));
        try {
            Answer answer = ShortProgram.run(
                    List.of(program.toString(), "--config", folder.toString(), command, namespace.toString()),
                    environment(program),
                    call.json().getBytes(StandardCharsets.UTF_8),
                    PATIENCE);
            if (answer.code() != 0) {
                throw new HostException("network " + names(call) + ": " + reason(answer));
            }
        } catch (IOException failure) {
            throw new HostException("cannot run " + program + ": " + failure.getMessage(), failure);
        }
    }

    private static String names(LinkCall call) {
        return String.join(
                ", ",
                call.endpoints().stream().map(link -> link.network().name()).toList());
    }

    /** Netavark writes an error as JSON; what it logs may stand before it. */
    private static String reason(Answer answer) {
        String last = (answer.errors() + "\n" + answer.output()).strip().lines().reduce("", (before, line) -> line);
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

    private List<String> environment(Path program) throws IOException {
        List<String> known = environment;
        if (known == null) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            known = canLeaveFirewall(program) ? List.of("NETAVARK_FW=none") : satisfied();
            environment = known;
        }
        return known;
    }

    /** Version 1.6 was the first that can do without. */
    private static boolean canLeaveFirewall(Path program) throws IOException {
        return isFrom(
                ShortProgram.run(List.of(program.toString(), "--version"), List.of(), new byte[0], PATIENCE)
                        .output(),
                1,
                6);
    }

    /** @param text such as "netavark 1.4.0" */
    static boolean isFrom(String text, int major, int minor) {
        var version = VERSION.matcher(text);
        if (!version.find()) {
            return true;
        }
        int first = Integer.parseInt(version.group(1));
        return first > major || first == major && Integer.parseInt(version.group(2)) >= minor;
    }

    private List<String> satisfied() throws IOException {
        SatisfiedFirewall.write(programs);
        return List.of("NETAVARK_FW=iptables", "PATH=" + programs);
    }
}

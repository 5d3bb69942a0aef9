package dev.wherry.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the units of systemd must and must not say. */
class UnitFilesTest {

    private static final Path UNITS = Path.of("src/main/host/systemd");

    /** Directives of [Service] that no program started by the daemon is restricted by. */
    private static final Set<String> HARMLESS = Set.of(
            "Type",
            "NotifyAccess",
            "ExecStart",
            "ExecReload",
            "Restart",
            "RestartSec",
            "StandardInput",
            "StandardOutput",
            "StandardError",
            "KillMode",
            "Delegate",
            "TimeoutStopSec",
            "TimeoutStartSec",
            "LimitNOFILE",
            "LimitNPROC",
            "LimitCORE",
            "TasksMax",
            "OOMScoreAdjust",
            "UMask");

    @Test
    void theServiceRestrictsNothingThatContainersWouldInherit() throws IOException {
        assertThat(section("wherry.service", "[Service]").keySet()).isSubsetOf(HARMLESS);
    }

    @Test
    void theServiceEndsOnlyTheDaemonAndStartsHoweverLongThatTakes() throws IOException {
        assertThat(section("wherry.service", "[Service]"))
                .containsEntry("KillMode", "process")
                .containsEntry("Delegate", "yes")
                .containsEntry("TimeoutStartSec", "infinity");
    }

    @Test
    void socketAndServiceAreEnabledTogether() throws IOException {
        assertThat(section("wherry.service", "[Install]"))
                .containsEntry("WantedBy", "multi-user.target")
                .containsEntry("Also", "wherry.socket");
        assertThat(section("wherry.socket", "[Install]")).containsEntry("WantedBy", "sockets.target");
    }

    private static Map<String, String> section(String unit, String name) throws IOException {
        Map<String, String> directives = new HashMap<>();
        boolean inside = false;
        for (String line : Files.readAllLines(UNITS.resolve(unit))) {
            if (line.startsWith("[")) {
                inside = line.equals(name);
            } else if (inside && line.contains("=") && !line.startsWith("#")) {
                directives.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
        assertThat(directives).isNotEmpty();
        return directives;
    }
}

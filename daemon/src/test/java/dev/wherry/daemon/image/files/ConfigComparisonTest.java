package dev.wherry.daemon.image.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigComparisonTest {

    private static List<String> changes(String one, String other) {
        return ConfigComparison.of(config(one), config(other)).stream()
                .map(change -> change.field() + "|" + change.key() + "|"
                        + change.before().orElse("none") + "|" + change.after().orElse("none"))
                .toList();
    }

    private static ImageConfig config(String json) {
        return CanonicalJson.read(json.getBytes(StandardCharsets.UTF_8), ImageConfig.class, "a config");
    }

    @Test
    void settingsAreComparedOneByOne() {
        assertThat(changes("""
                        {"os": "linux", "architecture": "amd64", "config": {
                          "Env": ["PATH=/bin", "OLD=1"], "Cmd": ["sh"], "User": "root",
                          "Labels": {"a": "1", "b": "2"}, "ExposedPorts": {"80/tcp": {}}}}
                        """, """
                        {"os": "linux", "architecture": "arm64", "config": {
                          "Env": ["NEW=", "PATH=/usr/bin"], "Entrypoint": ["/init"], "User": "root",
                          "Labels": {"b": "3"}, "Volumes": {"/data": {}}}}
                        """))
                .containsExactly(
                        "architecture||amd64|arm64",
                        "Env|NEW|none|",
                        "Env|OLD|1|none",
                        "Env|PATH|/bin|/usr/bin",
                        "Entrypoint||none|[\"/init\"]",
                        "Cmd||[\"sh\"]|none",
                        "ExposedPorts|80/tcp||none",
                        "Volumes|/data|none|",
                        "Labels|a|1|none",
                        "Labels|b|2|3");
    }

    @Test
    void anEmptySettingIsNoSettingAndAgeDoesNotCount() {
        assertThat(changes(
                        "{\"created\": \"2020-01-01T00:00:00Z\", \"config\": {\"Cmd\": [], \"User\": \"\"}}",
                        "{\"created\": \"2021-01-01T00:00:00Z\"}"))
                .isEmpty();
    }
}

package dev.wherry.daemon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrySettingsTest {

    @TempDir
    Path certificates;

    private RegistrySettings settings(List<String> mirrors, List<String> blocked) {
        return RegistrySettings.parse("docker.io", mirrors, List.of("plain:80"), blocked, certificates);
    }

    @Test
    void mirrorsAreAskedInOrderAndMayRenameWhatTheyMirror() {
        RegistrySettings settings = settings(
                List.of("docker.io=one:5000", "docker.io/library=two:5000/official", "quay.io=three", "docker.io=four"),
                List.of());
        assertThat(settings.endpoints(new RepositoryName("docker.io", "library/node")))
                .extracting(RegistryEndpoint::toString)
                .containsExactly(
                        "one:5000/library/node",
                        "two:5000/official/node",
                        "four/library/node",
                        "docker.io/library/node");
        assertThat(settings.endpoints(new RepositoryName("docker.io", "library2/node")))
                .extracting(RegistryEndpoint::toString)
                .doesNotContain("two:5000/official/node");
    }

    @Test
    void blockedRegistryIsNotAskedNorItsMirrors() {
        RegistrySettings settings = settings(List.of("bad.example=good.example"), List.of("bad.example"));
        assertThatThrownBy(() -> settings.endpoints(new RepositoryName("bad.example", "app")))
                .isInstanceOf(DeniedException.class)
                .hasMessage("registry bad.example is blocked by the configuration of wherryd");
        assertThatThrownBy(() -> settings.registry("bad.example")).isInstanceOf(DeniedException.class);
        assertThat(settings.endpoints(new RepositoryName("good.example", "app")))
                .hasSize(1);
    }

    @Test
    void plainHttpIsForLoopbackAndWhereStated() throws IOException {
        RegistrySettings settings = settings(List.of(), List.of());
        assertThat(settings.registry("localhost:5000").plain()).isTrue();
        assertThat(settings.registry("plain:80").plain()).isTrue();
        assertThat(settings.registry("plain").plain()).isFalse();
        Files.createDirectory(certificates.resolve("localhost:5000"));
        assertThat(settings.registry("localhost:5000").plain()).isFalse();
    }

    @Test
    void mistakesNameTheirSetting() {
        assertThatThrownBy(() -> settings(List.of("docker.io"), List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("registry-mirrors");
        assertThatThrownBy(() -> settings(List.of(), List.of("a b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("blocked-registries");
    }
}

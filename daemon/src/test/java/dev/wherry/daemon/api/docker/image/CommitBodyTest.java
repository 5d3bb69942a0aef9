package dev.wherry.daemon.api.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.Execution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a client asks to be different in an image that is made of a container. */
class CommitBodyTest {

    private static final Execution CONTAINER = new Execution(
            null,
            "app",
            Map.of("80/tcp", Map.of()),
            List.of("A=1", "B=2"),
            List.of("/entry"),
            List.of("serve"),
            null,
            null,
            "/srv",
            Map.of("a", "1"),
            null,
            null,
            null,
            null);

    private static Execution changed(String body) {
        ImageConfig config = new ImageConfig(null, null, null, null, null, null, CONTAINER, null, null);
        return CommitBody.changes(JsonBody.parse(body)).apply(config).config();
    }

    @Test
    void nothingChangesNothing() {
        assertThat(changed("")).isEqualTo(CONTAINER);
        assertThat(changed("null")).isEqualTo(CONTAINER);
        assertThat(changed("{\"Labels\":null,\"Env\":[],\"User\":\"\",\"Cmd\":null}"))
                .isEqualTo(CONTAINER);
    }

    @Test
    void labelsVariablesPortsAndVolumesAreAdded() {
        Execution changed = changed("""
                {"Labels":{"b":"2"},"Env":["B=3","C=4"],"ExposedPorts":{"443/tcp":{}},"Volumes":{"/data":{}}}""");
        assertThat(changed.labels()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(changed.env()).containsExactly("A=1", "B=3", "C=4");
        assertThat(changed.exposedPorts()).containsOnlyKeys("80/tcp", "443/tcp");
        assertThat(changed.volumes()).containsOnlyKeys("/data");
    }

    @Test
    void userCommandAndDirectoryAreReplaced() {
        Execution changed = changed("""
                {"User":"root","Cmd":["run"],"Entrypoint":["/other"],"WorkingDir":"/","StopSignal":"SIGINT"}""");
        assertThat(changed.user()).isEqualTo("root");
        assertThat(changed.cmd()).containsExactly("run");
        assertThat(changed.entrypoint()).containsExactly("/other");
        assertThat(changed.workingDir()).isEqualTo("/");
        assertThat(changed.stopSignal()).isEqualTo("SIGINT");
    }

    @Test
    void malformedBodyIsRefused() {
        assertThatThrownBy(() -> changed("{\"Labels\":[]}")).isInstanceOf(InvalidInputException.class);
    }
}

package dev.wherry.daemon.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.pod.SandboxConfig.Dns;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes of one pod are in an order, and no two of them are the same attempt. */
class SandboxTableTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    @TempDir
    private Path folder;

    private SandboxTable table;

    @BeforeEach
    void open() {
        PrivateStores stores = new PrivateStores(folder);
        table = new SandboxTable(stores.database, new Events(stores.database));
    }

    private static SandboxConfig config(String name, int attempt) {
        return new SandboxConfig(
                name,
                "uid",
                "default",
                attempt,
                "",
                "",
                new Dns(List.of(), List.of(), List.of()),
                List.of(),
                Map.of(),
                Map.of(),
                "",
                Map.of(),
                Share.POD,
                Share.CONTAINER,
                Share.POD,
                false,
                "");
    }

    private static Pod pod(String id, SandboxConfig config, Instant time) {
        return new Pod(id.repeat(64), config, SandboxState.CREATING, time, List.of(), "boot");
    }

    @Test
    void aLaterAttemptIsLaterEvenIfTheClockWasSetBack() {
        table.creating(pod("a", config("web", 0), NOON));

        assertThat(table.time(config("web", 1), NOON.minusSeconds(3600))).isEqualTo(NOON.plusNanos(1));
        assertThat(table.time(config("web", 1), NOON.plusSeconds(1))).isEqualTo(NOON.plusSeconds(1));
        assertThat(table.time(config("other", 1), NOON.minusSeconds(3600))).isEqualTo(NOON.minusSeconds(3600));
    }

    @Test
    void anAttemptIsThereOnce() {
        table.creating(pod("a", config("web", 0), NOON));

        assertThatThrownBy(() -> table.creating(pod("b", config("web", 0), NOON)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("aaaaaaaaaaaa");
    }
}

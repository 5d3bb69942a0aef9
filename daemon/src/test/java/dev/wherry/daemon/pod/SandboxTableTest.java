package dev.wherry.daemon.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.pod.SandboxConfig.Dns;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import dev.wherry.daemon.runtime.cgroup.Resources;
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

    private PrivateStores stores;
    private SandboxTable table;

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
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
                SandboxLimits.NONE,
                Map.of(),
                Share.POD,
                Share.CONTAINER,
                Share.POD,
                false,
                "",
                null);
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
    void limitsAreKeptWithTheRow() {
        Resources none = Resources.DEFAULT;
        Resources resources = new Resources(
                1L << 30, 0, 0, -1, 0, 512, 0, 0, "", "", 0, 0, 0, false, "", List.of(), List.of(), List.of(),
                List.of());
        SandboxLimits limits = new SandboxLimits(resources, none);
        Pod made = pod("a", config("web", 0), NOON);
        table.creating(made);
        table.ready(made, List.of("192.0.2.1"));

        table.limited(table.get(made.id()), limits);

        Pod found = new SandboxTable(stores.database, new Events(stores.database)).get(made.id());
        assertThat(found.config().limits()).isEqualTo(limits);
        assertThat(found.isReady()).isTrue();
        assertThat(found.addresses()).containsExactly("192.0.2.1");
    }

    @Test
    void anAttemptIsThereOnce() {
        table.creating(pod("a", config("web", 0), NOON));

        assertThatThrownBy(() -> table.creating(pod("b", config("web", 0), NOON)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("aaaaaaaaaaaa");
    }
}

package dev.wherry.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who learns of which events. */
class EventsTest {

    @TempDir
    Path folder;

    private PrivateStores stores;
    private Events events;

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        events = new Events(stores.database);
    }

    private void tell(int number) {
        events.tell(Event.CONTAINER, "start", "c" + number, Map.of());
    }

    private List<String> between(Instant since, Instant until) throws InterruptedException {
        List<String> actors = new ArrayList<>();
        events.watch(Optional.of(since), Optional.of(until), event -> actors.add(event.actor()));
        return actors;
    }

    @Test
    void watchWithABeginningMissesNothingAndTellsNothingTwice() throws Exception {
        Instant begin = Instant.now();
        tell(0);
        List<String> actors = Collections.synchronizedList(new ArrayList<>());
        Thread watching = Thread.ofVirtual().start(() -> {
            try {
                events.watch(Optional.of(begin), Optional.empty(), event -> actors.add(event.actor()));
            } catch (InterruptedException end) {
                // As a client ends it.
            }
        });
        for (int i = 1; i < 200; i++) {
            tell(i);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> actors.size() >= 200);
        watching.interrupt();
        watching.join();
        assertThat(actors).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void lastThousandsAreKeptAndNoMore() throws Exception {
        Instant begin = Instant.now();
        stores.database.write(connection -> {
            for (int i = 0; i < 4300; i++) {
                events.record(connection, Event.CONTAINER, "start", "c" + i, Map.of());
            }
            return null;
        });
        List<String> kept = between(begin, Instant.now());
        assertThat(kept).hasSizeBetween(4096, 4096 + 64).endsWith("c4299");
    }

    @Test
    void watchEndsAtItsEnd() throws Exception {
        tell(1);
        Instant end = Instant.now().plusMillis(100);
        assertThat(between(Instant.EPOCH, end)).containsExactly("c1");
        assertThat(Instant.now()).isAfterOrEqualTo(end);
    }

    @Test
    void filterTakesAnyValueOfAKeyAndWantsAllKeys() {
        Event event = new Event(
                1,
                Event.CONTAINER,
                "health_status: healthy",
                "0123456789ab",
                Map.of("name", "web", "image", "host:5000/app:1", "tier", "front"),
                Instant.now());
        assertThat(List.of(
                        List.of("container=web"),
                        List.of("container=0123"),
                        List.of("container=other", "container=web", "event=health_status"),
                        List.of("image=host:5000/app"),
                        List.of("image=host:5000/app:1", "type=container"),
                        List.of("label=tier", "label=other"),
                        List.of("label=tier=front")))
                .allMatch(filters -> EventFilter.parse(filters).test(event));
        assertThat(List.of(
                        List.of("container=we"),
                        List.of("event=health"),
                        List.of("image=app"),
                        List.of("container=web", "event=die"),
                        List.of("label=tier=back"),
                        List.of("type=image")))
                .noneMatch(filters -> EventFilter.parse(filters).test(event));
        assertThatThrownBy(() -> EventFilter.parse(List.of("colour=blue"))).isInstanceOf(InvalidInputException.class);
    }
}

package dev.wherry.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.filter.Filters;
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

    /** Further away than a number of nanoseconds can say. */
    @Test
    void watchWhoseEndIsLongAgoEndsAtOnce() throws Exception {
        assertThat(between(Instant.EPOCH, Instant.ofEpochSecond(0, Long.MIN_VALUE)))
                .isEmpty();
    }

    @Test
    void filterTakesAnyValueOfAKeyAndWantsAllKeysAndAllLabels() {
        Event event = new Event(
                1,
                Event.CONTAINER,
                "health_status: healthy",
                "0123456789ab",
                Map.of("name", "web", "image", "host:5000/app:1", "tier", "front"),
                Instant.now());
        assertThat(List.of(
                        Map.of("container", List.of("web")),
                        Map.of("container", List.of("0123")),
                        Map.of("container", List.of("other", "web"), "event", List.of("health_status")),
                        Map.of("image", List.of("host:5000/app")),
                        Map.of("image", List.of("host:5000/app:1"), "type", List.of("container")),
                        Map.of("label", List.of("tier", "name=web")),
                        Map.of("label", List.of("tier=front"))))
                .allMatch(filters -> new EventFilter(new Filters(filters)).test(event));
        assertThat(List.of(
                        Map.of("container", List.of("we")),
                        Map.of("event", List.of("health")),
                        Map.of("image", List.of("app")),
                        Map.of("container", List.of("web"), "event", List.of("die")),
                        Map.of("label", List.of("tier", "other")),
                        Map.of("label", List.of("tier=back")),
                        Map.of("type", List.of("image"))))
                .noneMatch(filters -> new EventFilter(new Filters(filters)).test(event));
        assertThatThrownBy(() -> new EventFilter(new Filters(Map.of("colour", List.of("blue")))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "invalid filter 'colour': use one of container, event, image, label, network, type, volume");
    }
}

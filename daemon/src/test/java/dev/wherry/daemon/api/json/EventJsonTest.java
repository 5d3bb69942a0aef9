package dev.wherry.daemon.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.event.Event;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJsonTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000000006Z");

    @Test
    void containerIsReportedWithItsImage() {
        Event event = new Event(
                1, Event.CONTAINER, "die", "c1", Map.of("name", "web", "image", "app", "exitCode", "3"), TIME);
        assertThat(EventJson.of(event))
                .isEqualTo(
                        "{\"status\":\"die\",\"id\":\"c1\",\"from\":\"app\",\"Type\":\"container\",\"Action\":\"die\","
                                + "\"Actor\":{\"ID\":\"c1\",\"Attributes\":{\"exitCode\":\"3\",\"image\":\"app\",\"name\":\"web\"}},"
                                + "\"scope\":\"local\",\"time\":1767323045,\"timeNano\":1767323045000000006}");
    }

    @Test
    void imageHasNoImageThatItIsFrom() {
        Event event = new Event(1, Event.IMAGE, "tag", "sha256:1", Map.of("name", "a\"b\u001b"), TIME);
        assertThat(EventJson.of(event))
                .startsWith("{\"status\":\"tag\",\"id\":\"sha256:1\",\"Type\":\"image\",")
                .contains("\"Attributes\":{\"name\":\"a\\\"b\\u001B\"}");
    }
}

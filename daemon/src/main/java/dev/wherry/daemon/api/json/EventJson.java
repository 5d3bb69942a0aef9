package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.event.Event;
import java.time.Instant;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** An event as docker reports it. */
public final class EventJson {

    private EventJson() {}

    public static String of(Event event) {
        Instant time = event.time();
        String image = event.attributes().get("image");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", event.action());
        json.put("id", event.actor());
        if (image != null) {
            json.put("from", image);
        }
        json.put("Type", event.type());
        json.put("Action", event.action());
        ObjectNode actor = json.putObject("Actor").put("ID", event.actor());
        ObjectNode attributes = actor.putObject("Attributes");
        new TreeMap<>(event.attributes()).forEach(attributes::put);
        json.put("scope", "local");
        json.put("time", time.getEpochSecond());
        json.put("timeNano", TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano());
        return json.toString();
    }
}

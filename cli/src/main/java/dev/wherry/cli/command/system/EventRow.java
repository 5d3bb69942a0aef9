package dev.wherry.cli.command.system;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.Event;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** One event as docker shows it: as a line, and as what templates see. */
final class EventRow {
    private static final String TIME = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX";

    private EventRow() {}

    static String line(Event event) {
        String time = DateTimeFormatter.ofPattern(TIME)
                .format(Instant.ofEpochSecond(0, event.getTimeNanos()).atZone(ZoneId.systemDefault()));
        String attributes = KeyValues.shown(event.getAttributesMap(), ", ");
        String line = time + " " + event.getType() + " " + event.getAction() + " " + event.getActorId();
        return TerminalText.escaped(attributes.isEmpty() ? line : line + " (" + attributes + ")");
    }

    /** With the names that docker's templates use. */
    static Map<String, Object> fields(Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Status", event.getAction());
        fields.put("ID", event.getActorId());
        fields.put("From", event.getAttributesOrDefault("image", ""));
        fields.put("Type", event.getType());
        fields.put("Action", event.getAction());
        fields.put("Actor", actor(event));
        fields.put("Scope", "local");
        fields.put("Time", TimeUnit.NANOSECONDS.toSeconds(event.getTimeNanos()));
        fields.put("TimeNano", event.getTimeNanos());
        return fields;
    }

    private static Map<String, Object> actor(Event event) {
        Map<String, Object> actor = new LinkedHashMap<>();
        actor.put("ID", event.getActorId());
        actor.put("Attributes", new TreeMap<>(event.getAttributesMap()));
        return actor;
    }
}

package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What users are told of images, in docker's words; each is written in the transaction of what it tells of. */
final class ImageEvents {

    private final Events events;

    ImageEvents(Events events) {
        this.events = events;
    }

    void publish(List<Event> told) {
        events.publish(told);
    }

    List<Event> pulled(Connection connection, List<Reference> references) throws SQLException {
        List<Event> told = new ArrayList<>();
        for (Reference reference : references) {
            told.add(record(connection, "pull", reference.familiar(), reference.familiar()));
        }
        return told;
    }

    List<Event> pushed(Connection connection, Reference reference) throws SQLException {
        return List.of(record(connection, "push", reference.familiar(), reference.familiar()));
    }

    /** An image was made here and got its tags. */
    List<Event> made(Connection connection, Image image, String action, List<Reference> references)
            throws SQLException {
        List<Event> told = new ArrayList<>();
        if (!action.isEmpty()) {
            told.add(
                    record(connection, action, image.id().toString(), image.id().toString()));
        }
        told.addAll(tagged(connection, image.id(), references));
        return told;
    }

    List<Event> tagged(Connection connection, Digest image, List<Reference> references) throws SQLException {
        List<Event> told = new ArrayList<>();
        for (Reference reference : references) {
            told.add(record(connection, "tag", image.toString(), reference.familiar()));
        }
        return told;
    }

    List<Event> removed(Connection connection, Digest image, List<RemovedItem> removals) throws SQLException {
        List<Event> told = new ArrayList<>();
        for (RemovedItem removal : removals) {
            told.add(
                    switch (removal) {
                        case RemovedItem.Untagged(String name) -> record(connection, "untag", image.toString(), name);
                        case RemovedItem.Deleted(Digest gone) ->
                            record(connection, "delete", gone.toString(), gone.toString());
                    });
        }
        return told;
    }

    private Event record(Connection connection, String action, String actor, String name) throws SQLException {
        return events.record(connection, Event.IMAGE, action, actor, Map.of("name", name));
    }
}

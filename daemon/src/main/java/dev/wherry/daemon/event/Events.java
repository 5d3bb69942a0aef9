package dev.wherry.daemon.event;

import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Rows;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Events as they happen, and those of before. Whoever changes something calls {@link #record} in the transaction of the
 * change, and {@link #publish} when it is over.
 */
@Singleton
public final class Events {

    private static final int LONGEST_QUEUE = 8192;

    private final Database database;
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    public Events(Database database) {
        this.database = database;
    }

    /** Takes events one by one. */
    @FunctionalInterface
    public interface Sink {
        void accept(Event event) throws InterruptedException;
    }

    /** Writes an event with the change that it tells of. */
    public Event record(Connection connection, String type, String action, String actor, Map<String, String> attributes)
            throws SQLException {
        return new EventTable(connection).insert(type, action, actor, attributes);
    }

    /** Tells those who listen; after the transaction. */
    public void publish(List<Event> events) {
        for (Event event : events) {
            listeners.forEach(listener -> listener.accept(event));
        }
    }

    /** Tells of something that changes nothing in the database. */
    public void tell(String type, String action, String actor, Map<String, String> attributes) {
        Event event = database.writeRelaxed(connection -> record(connection, type, action, actor, attributes));
        publish(List.of(event));
    }

    /** Calls the listener for each event from now on; it must be quick. */
    public void onEvent(Consumer<Event> listener) {
        listeners.add(listener);
    }

    /**
     * Passes on events in their order.
     *
     * @param since from when; empty for now, or, with an end, for the oldest that is kept
     * @param until empty for ever
     * @throws InterruptedException when the thread is interrupted, by which a watch without an end ends
     * @throws ExhaustedException when the sink is so slow that thousands of events wait for it
     */
    public void watch(Optional<Instant> since, Optional<Instant> until, Sink sink) throws InterruptedException {
        BlockingQueue<Event> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
        AtomicBoolean lost = new AtomicBoolean();
        Consumer<Event> listener = event -> {
            if (!queue.offer(event)) {
                lost.set(true);
            }
        };
        listeners.add(listener);
        try {
            long last = 0;
            if (since.isPresent() || until.isPresent()) {
                for (Event event : since(since.orElse(Instant.EPOCH))) {
                    last = event.id();
                    if (until.isEmpty() || !event.time().isAfter(until.get())) {
                        sink.accept(event);
                    }
                }
            }
            follow(queue, lost, last, until, sink);
        } finally {
            listeners.remove(listener);
        }
    }

    private static void follow(
            BlockingQueue<Event> queue, AtomicBoolean lost, long last, Optional<Instant> until, Sink sink)
            throws InterruptedException {
        while (true) {
            Event next = queue.poll(
                    until.map(end -> TimeUnit.NANOSECONDS.convert(Duration.between(Instant.now(), end)))
                            .orElse(Long.MAX_VALUE),
                    TimeUnit.NANOSECONDS);
            if (next == null || until.filter(end -> next.time().isAfter(end)).isPresent()) {
                return;
            }
            if (next.id() > last) {
                sink.accept(next);
            }
            if (lost.get()) {
                throw new ExhaustedException(
                        "the client reads events too slowly and has missed some: ask again, with the time of the last one");
            }
        }
    }

    private List<Event> since(Instant time) {
        long nanos = Rows.nanos(time);
        return database.read(connection -> new EventTable(connection).since(nanos));
    }
}

package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.json.EventJson;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.event.EventFilter;
import dev.wherry.daemon.event.Events;
import dev.wherry.v1.Event;
import dev.wherry.v1.EventsRequest;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;

/** Events over the API. */
@Singleton
final class EventCalls {

    private final CallRunner calls;
    private final Events events;

    EventCalls(CallRunner calls, Events events) {
        this.calls = calls;
        this.events = events;
    }

    Multi<Event> events(EventsRequest request) {
        return calls.stream(CallRunner.Lasts.WATCH, out -> {
            EventFilter filter = new EventFilter(FilterMessages.filters(request.getFiltersList()));
            events.watch(Times.instant(request.getSinceNanos()), Times.instant(request.getUntilNanos()), event -> {
                if (filter.test(event)) {
                    out.send(message(event));
                }
            });
        });
    }

    private static Event message(dev.wherry.daemon.event.Event event) {
        return Event.newBuilder()
                .setType(event.type())
                .setAction(event.action())
                .setActorId(event.actor())
                .putAllAttributes(event.attributes())
                .setTimeNanos(Times.nanos(event.time()))
                .setJson(EventJson.of(event))
                .build();
    }
}

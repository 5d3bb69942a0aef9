package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.metadata.Identifiers;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The shells that failed steps offer now, by IDs that only the clients of their builds know. */
@Singleton
public final class StepShells {

    private final Map<String, OfferedShell> offered = new ConcurrentHashMap<>();

    OfferedShell offer(StepShell shell) {
        OfferedShell offer = new OfferedShell(Identifiers.make(), shell);
        offered.put(offer.id(), offer);
        return offer;
    }

    void forget(OfferedShell offer) {
        offered.remove(offer.id());
    }

    /** @throws NotFoundException when there is none of this ID */
    public OfferedShell get(String id) {
        OfferedShell offer = offered.get(id);
        if (offer == null) {
            throw new NotFoundException("shell", id, "no failed step waits for its shell any more");
        }
        return offer;
    }
}

package dev.wherry.daemon.network;

import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import java.util.List;

/** Networks and reservations in a database of a test. */
public final class NetworkStores {

    public final Networks networks;
    public final Reservations reservations;

    public NetworkStores(Database database, Events events, Layout layout) {
        networks = new Networks(database, events, layout, new AddressPools(List.of()));
        reservations = new Reservations(database, events);
    }
}

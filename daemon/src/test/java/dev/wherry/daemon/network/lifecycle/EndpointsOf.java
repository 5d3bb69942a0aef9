package dev.wherry.daemon.network.lifecycle;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.network.NetworkStores;
import dev.wherry.daemon.network.netavark.NetavarkProgram;

/** Endpoints for tests of other packages. */
public final class EndpointsOf {

    private EndpointsOf() {}

    public static Endpoints daemon(PrivateStores stores, NetworkStores rows) {
        HostNetwork host =
                new HostNetwork(rows.networks, rows.reservations, NetavarkProgram.of(stores.layout), stores.layout);
        return new Endpoints(rows.networks, rows.reservations, host, stores.layout);
    }
}

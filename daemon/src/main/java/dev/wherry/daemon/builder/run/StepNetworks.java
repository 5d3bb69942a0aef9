package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.network.EndpointNames;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.lifecycle.Endpoints;
import dev.wherry.daemon.network.lifecycle.NetworkSetup;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/** The networks of steps: each connected step has a namespace of its own, so that no two share a port. */
@Singleton
public final class StepNetworks {

    private final Networks networks;
    private final Endpoints endpoints;

    StepNetworks(Networks networks, Endpoints endpoints) {
        this.networks = networks;
        this.endpoints = endpoints;
    }

    /**
     * Connects a step that is about to run. The caller closes the result when the step has ended.
     *
     * @throws NotFoundException when there is no such network
     */
    StepNetwork open(RunNetwork asked) {
        if (asked.mode() != NetworkMode.BRIDGE) {
            return new StepNetwork(ProcessNetwork.of(asked.mode()), OwnNames.NONE, () -> {});
        }
        String network = asked.network().isEmpty() ? Network.BRIDGE : asked.network();
        String id = "step-" + UUID.randomUUID();
        List<EndpointRequest> requests =
                List.of(EndpointRequest.of(networks.get(network).id()));
        NetworkSetup setup = endpoints.setUp(NamespaceOwner.unnamed(id), requests, List.of());
        setup.await();
        return new StepNetwork(
                ProcessNetwork.connected(setup.namespace()),
                EndpointNames.of(setup.endpoints(), networks, List.of()),
                // The build goes on meanwhile.
                () -> Background.finish("network-" + id, () -> endpoints.tearDown(id)));
    }

    /**
     * The network of one step.
     *
     * @param release takes it away
     */
    record StepNetwork(ProcessNetwork process, OwnNames names, Runnable release) implements AutoCloseable {

        @Override
        public void close() {
            release.run();
        }
    }
}

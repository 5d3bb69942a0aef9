package dev.wherry.daemon.pod;

import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.lifecycle.Endpoints;
import dev.wherry.daemon.network.lifecycle.NetworkSetup;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The network namespaces of sandboxes: on the default bridge, with the ports of the host that lead there. */
@Singleton
final class SandboxNetwork {

    private final Networks networks;
    private final Endpoints endpoints;

    SandboxNetwork(Networks networks, Endpoints endpoints) {
        this.networks = networks;
        this.endpoints = endpoints;
    }

    /**
     * Makes the namespace of a sandbox and connects it.
     *
     * @return its addresses
     * @throws dev.wherry.daemon.error.WherryException when that cannot be; nothing is left then
     */
    List<String> setUp(String id, SandboxConfig config) {
        List<PortMapping> ports = config.ports().stream()
                .filter(port -> port.hostPort() > 0)
                .map(port -> new PortMapping(
                        port.hostIp().isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(port.hostIp())),
                        port.hostPort(),
                        0,
                        port.containerPort(),
                        port.protocol(),
                        1))
                .toList();
        NetworkSetup setup = endpoints.setUp(
                NamespaceOwner.container(id, config.name()),
                List.of(EndpointRequest.of(networks.get(Network.BRIDGE).id())),
                ports);
        setup.await();
        return setup.endpoints().stream()
                .flatMap(endpoint -> endpoint.addresses().stream())
                .map(InetAddress::getHostAddress)
                .toList();
    }

    /** Why there is no network for a pod; empty when there is. */
    Optional<String> problem() {
        return HostTools.find("netavark").isPresent()
                ? Optional.empty()
                : Optional.of("the program netavark is missing: install it, as with \"apt-get install netavark\"");
    }

    /** Takes away the namespace of a sandbox and all that leads to it; nothing there is fine. */
    void tearDown(String id) {
        endpoints.tearDown(id);
    }
}

package dev.wherry.daemon.pod;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.PortMapping;
import dev.wherry.daemon.network.cni.Cni;
import dev.wherry.daemon.network.cni.CniPod;
import dev.wherry.daemon.network.lifecycle.Endpoints;
import dev.wherry.daemon.network.lifecycle.NetworkSetup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The network namespaces of sandboxes, with the ports of the host that lead there: in the network of the cluster where one is
 * configured by CNI, else on the default bridge. A sandbox stays where it was connected.
 */
@Singleton
final class SandboxNetwork {

    private final Networks networks;
    private final Endpoints endpoints;
    private final Cni cni;
    private final Layout layout;

    SandboxNetwork(Networks networks, Endpoints endpoints, Cni cni, Layout layout) {
        this.networks = networks;
        this.endpoints = endpoints;
        this.cni = cni;
        this.layout = layout;
    }

    /** A namespace that is there, and is being connected. */
    interface Connecting extends AutoCloseable {

        /**
         * Waits until it is connected.
         *
         * @return its addresses
         * @throws dev.wherry.daemon.error.WherryException when that cannot be
         */
        List<InetAddress> await();

        /** Waits until nothing goes on any more, so that what was done can be undone. */
        @Override
        void close();
    }

    /** A sandbox on the network of the host is connected. */
    private record Connected(List<InetAddress> addresses) implements Connecting {

        @Override
        public List<InetAddress> await() {
            return addresses;
        }

        @Override
        public void close() {
            // Nothing goes on.
        }
    }

    private record ToBridge(NetworkSetup setup) implements Connecting {

        @Override
        public List<InetAddress> await() {
            setup.await();
            return setup.endpoints().stream()
                    .flatMap(endpoint -> endpoint.addresses().stream())
                    .toList();
        }

        @Override
        public void close() {
            try {
                setup.await();
            } catch (RuntimeException failure) {
                // Whoever waited has been told, or fails for another reason.
            }
        }
    }

    /**
     * Makes the namespace of a sandbox, if it has one, and begins to connect it.
     *
     * @param maker makes the namespace
     * @throws dev.wherry.daemon.error.WherryException when that cannot be; nothing is left then
     */
    Connecting begin(String id, SandboxConfig config, NetworkNamespace.Maker maker) {
        if (!config.hasNetwork()) {
            return new Connected(List.of());
        }
        return cni.isConfigured() ? new Connected(ofCluster(id, config, maker)) : toBridge(id, config, maker);
    }

    private Connecting toBridge(String id, SandboxConfig config, NetworkNamespace.Maker maker) {
        return new ToBridge(endpoints.setUp(
                NamespaceOwner.container(id, config.name()),
                List.of(EndpointRequest.of(networks.get(Network.BRIDGE).id())),
                ports(config),
                maker));
    }

    private List<InetAddress> ofCluster(String id, SandboxConfig config, NetworkNamespace.Maker maker) {
        Path namespace = namespace(id);
        try {
            maker.make(namespace);
            return cni.attach(
                            new CniPod(
                                    id,
                                    config.name(),
                                    config.namespace(),
                                    config.uid(),
                                    ports(config),
                                    new CniPod.Dns(
                                            config.dns().servers(),
                                            config.dns().searches(),
                                            config.dns().options()),
                                    config.annotations()),
                            namespace)
                    .addresses();
        } catch (IOException failure) {
            throw new HostException("cannot make a network namespace: " + failure.getMessage(), failure);
        }
    }

    private static List<PortMapping> ports(SandboxConfig config) {
        return config.ports().stream()
                .filter(port -> port.hostPort() > 0)
                .map(port -> new PortMapping(
                        port.hostIp().isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(port.hostIp())),
                        port.hostPort(),
                        0,
                        port.containerPort(),
                        port.protocol(),
                        1))
                .toList();
    }

    private Path namespace(String id) {
        return layout.networkNamespaces().resolve(id);
    }

    /** Why there is no network for a pod; empty when there is. */
    Optional<String> problem() {
        if (cni.isConfigured()) {
            return cni.problem();
        }
        return HostTools.find("netavark").isPresent()
                ? Optional.empty()
                : Optional.of("the program netavark is missing: install it, as with \"apt-get install netavark\"");
    }

    /** Takes away the namespace of a sandbox and all that leads to it; nothing there is fine. */
    void tearDown(String id) {
        cni.detach(id);
        endpoints.tearDown(id);
    }

    /**
     * Takes sandboxes of a killed daemon out of the network of the cluster; the other networks put themselves in order.
     *
     * @param ready IDs of those that stay
     */
    void recover(Set<String> ready) throws IOException {
        List<String> attached = cni.attached();
        cni.collect(ready);
        for (String id : attached) {
            if (!ready.contains(id)) {
                NetworkNamespace.remove(namespace(id));
            }
        }
    }
}

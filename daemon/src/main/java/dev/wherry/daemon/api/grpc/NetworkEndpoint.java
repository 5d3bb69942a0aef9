package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.json.NetworkJson;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkCreation;
import dev.wherry.daemon.network.NetworkCreation.SubnetRequest;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.lifecycle.NetworkLifecycle;
import dev.wherry.v1.ConnectNetworkRequest;
import dev.wherry.v1.ConnectNetworkResponse;
import dev.wherry.v1.CreateNetworkRequest;
import dev.wherry.v1.CreateNetworkResponse;
import dev.wherry.v1.DisconnectNetworkRequest;
import dev.wherry.v1.DisconnectNetworkResponse;
import dev.wherry.v1.InspectNetworkRequest;
import dev.wherry.v1.InspectNetworkResponse;
import dev.wherry.v1.ListNetworksRequest;
import dev.wherry.v1.ListNetworksResponse;
import dev.wherry.v1.NetworkService;
import dev.wherry.v1.NetworkSubnet;
import dev.wherry.v1.NetworkSummary;
import dev.wherry.v1.PruneNetworksRequest;
import dev.wherry.v1.PruneNetworksResponse;
import dev.wherry.v1.ReloadNetworksRequest;
import dev.wherry.v1.ReloadNetworksResponse;
import dev.wherry.v1.RemoveNetworkRequest;
import dev.wherry.v1.RemoveNetworkResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Networks over the API. */
@GrpcService
final class NetworkEndpoint implements NetworkService {

    private final CallRunner calls;
    private final Networks networks;
    private final NetworkLifecycle lifecycle;
    private final Lifecycle containers;

    NetworkEndpoint(CallRunner calls, Networks networks, NetworkLifecycle lifecycle, Lifecycle containers) {
        this.calls = calls;
        this.networks = networks;
        this.lifecycle = lifecycle;
        this.containers = containers;
    }

    @Override
    public Uni<CreateNetworkResponse> create(CreateNetworkRequest request) {
        return calls.on(() -> CreateNetworkResponse.newBuilder()
                .setNetworkId(lifecycle.create(creation(request)).id())
                .build());
    }

    private static NetworkCreation creation(CreateNetworkRequest request) {
        return new NetworkCreation(
                request.getName(),
                RequestField.read("driver", () -> NetworkDriver.parse(request.getDriver())),
                RequestField.read(
                        "subnets",
                        () -> request.getSubnetsList().stream()
                                .map(NetworkEndpoint::subnet)
                                .toList()),
                request.getInternal(),
                !request.getDisableIpv4(),
                request.getEnableIpv6(),
                request.getAttachable(),
                request.getOptionsMap(),
                request.getLabelsMap());
    }

    private static SubnetRequest subnet(NetworkSubnet subnet) {
        return SubnetRequest.parse(
                subnet.getRange(), subnet.getIpRange(), subnet.getGateway(), subnet.getAuxAddressesMap());
    }

    @Override
    public Uni<ListNetworksResponse> list(ListNetworksRequest request) {
        return calls.on(() -> {
            ListNetworksResponse.Builder response = ListNetworksResponse.newBuilder();
            networks.list(FilterMessages.filters(request.getFiltersList()))
                    .forEach(network -> response.addNetworks(message(network)));
            return response.build();
        });
    }

    private static NetworkSummary message(Network network) {
        return NetworkSummary.newBuilder()
                .setId(network.id())
                .setName(network.name())
                .setDriver(network.driver().toString())
                .setScope("local")
                .setInternal(network.internal())
                .setIpv4(network.hasIpv4())
                .setIpv6(network.hasIpv6())
                .setCreatedNanos(Times.nanos(Optional.of(network.createdAt())))
                .putAllLabels(network.labels())
                .build();
    }

    @Override
    public Uni<InspectNetworkResponse> inspect(InspectNetworkRequest request) {
        return calls.on(() -> {
            Network network = networks.get(request.getNetwork());
            return InspectNetworkResponse.newBuilder()
                    .setJson(NetworkJson.of(network, networks.endpoints(network)))
                    .build();
        });
    }

    @Override
    public Uni<RemoveNetworkResponse> remove(RemoveNetworkRequest request) {
        return calls.on(() -> {
            Network network = networks.get(request.getNetwork());
            lifecycle.remove(network);
            return RemoveNetworkResponse.newBuilder().setNetworkId(network.id()).build();
        });
    }

    @Override
    public Uni<PruneNetworksResponse> prune(PruneNetworksRequest request) {
        return calls.on(() -> PruneNetworksResponse.newBuilder()
                .addAllRemoved(lifecycle.prune(FilterMessages.filters(request.getFiltersList())).stream()
                        .map(Network::name)
                        .toList())
                .build());
    }

    @Override
    public Uni<ConnectNetworkResponse> connect(ConnectNetworkRequest request) {
        return calls.on(() -> {
            containers.connect(
                    request.getContainer(),
                    new NetworkAttachment(
                            request.getNetwork(),
                            request.getAliasesList(),
                            request.getIpv4(),
                            request.getIpv6(),
                            request.getMac(),
                            Map.of(),
                            request.getGatewayPriority(),
                            List.of()));
            return ConnectNetworkResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<DisconnectNetworkResponse> disconnect(DisconnectNetworkRequest request) {
        return calls.on(() -> {
            containers.disconnect(request.getContainer(), request.getNetwork(), request.getForce());
            return DisconnectNetworkResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<ReloadNetworksResponse> reload(ReloadNetworksRequest request) {
        return calls.on(() -> {
            lifecycle.reload();
            return ReloadNetworksResponse.getDefaultInstance();
        });
    }
}

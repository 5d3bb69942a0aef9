package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.AttachRequest;
import dev.wherry.cri.v1.AttachResponse;
import dev.wherry.cri.v1.CheckpointContainerRequest;
import dev.wherry.cri.v1.CheckpointContainerResponse;
import dev.wherry.cri.v1.CheckpointPodRequest;
import dev.wherry.cri.v1.CheckpointPodResponse;
import dev.wherry.cri.v1.Container;
import dev.wherry.cri.v1.ContainerEventResponse;
import dev.wherry.cri.v1.ContainerFilter;
import dev.wherry.cri.v1.ContainerStats;
import dev.wherry.cri.v1.ContainerStatsFilter;
import dev.wherry.cri.v1.ContainerStatsRequest;
import dev.wherry.cri.v1.ContainerStatsResponse;
import dev.wherry.cri.v1.ContainerStatusRequest;
import dev.wherry.cri.v1.ContainerStatusResponse;
import dev.wherry.cri.v1.CreateContainerRequest;
import dev.wherry.cri.v1.CreateContainerResponse;
import dev.wherry.cri.v1.ExecRequest;
import dev.wherry.cri.v1.ExecResponse;
import dev.wherry.cri.v1.ExecSyncRequest;
import dev.wherry.cri.v1.ExecSyncResponse;
import dev.wherry.cri.v1.GetEventsRequest;
import dev.wherry.cri.v1.ListContainerStatsRequest;
import dev.wherry.cri.v1.ListContainerStatsResponse;
import dev.wherry.cri.v1.ListContainersRequest;
import dev.wherry.cri.v1.ListContainersResponse;
import dev.wherry.cri.v1.ListMetricDescriptorsRequest;
import dev.wherry.cri.v1.ListMetricDescriptorsResponse;
import dev.wherry.cri.v1.ListPodSandboxMetricsRequest;
import dev.wherry.cri.v1.ListPodSandboxMetricsResponse;
import dev.wherry.cri.v1.ListPodSandboxRequest;
import dev.wherry.cri.v1.ListPodSandboxResponse;
import dev.wherry.cri.v1.ListPodSandboxStatsRequest;
import dev.wherry.cri.v1.ListPodSandboxStatsResponse;
import dev.wherry.cri.v1.PodSandbox;
import dev.wherry.cri.v1.PodSandboxFilter;
import dev.wherry.cri.v1.PodSandboxMetrics;
import dev.wherry.cri.v1.PodSandboxStats;
import dev.wherry.cri.v1.PodSandboxStatsFilter;
import dev.wherry.cri.v1.PodSandboxStatsRequest;
import dev.wherry.cri.v1.PodSandboxStatsResponse;
import dev.wherry.cri.v1.PodSandboxStatusRequest;
import dev.wherry.cri.v1.PodSandboxStatusResponse;
import dev.wherry.cri.v1.PortForwardRequest;
import dev.wherry.cri.v1.PortForwardResponse;
import dev.wherry.cri.v1.RemoveContainerRequest;
import dev.wherry.cri.v1.RemoveContainerResponse;
import dev.wherry.cri.v1.RemovePodSandboxRequest;
import dev.wherry.cri.v1.RemovePodSandboxResponse;
import dev.wherry.cri.v1.ReopenContainerLogRequest;
import dev.wherry.cri.v1.ReopenContainerLogResponse;
import dev.wherry.cri.v1.RestorePodRequest;
import dev.wherry.cri.v1.RestorePodResponse;
import dev.wherry.cri.v1.RunPodSandboxRequest;
import dev.wherry.cri.v1.RunPodSandboxResponse;
import dev.wherry.cri.v1.RuntimeConfigRequest;
import dev.wherry.cri.v1.RuntimeConfigResponse;
import dev.wherry.cri.v1.RuntimeService;
import dev.wherry.cri.v1.StartContainerRequest;
import dev.wherry.cri.v1.StartContainerResponse;
import dev.wherry.cri.v1.StatusRequest;
import dev.wherry.cri.v1.StatusResponse;
import dev.wherry.cri.v1.StopContainerRequest;
import dev.wherry.cri.v1.StopContainerResponse;
import dev.wherry.cri.v1.StopPodSandboxRequest;
import dev.wherry.cri.v1.StopPodSandboxResponse;
import dev.wherry.cri.v1.StreamContainerStatsRequest;
import dev.wherry.cri.v1.StreamContainerStatsResponse;
import dev.wherry.cri.v1.StreamContainersRequest;
import dev.wherry.cri.v1.StreamContainersResponse;
import dev.wherry.cri.v1.StreamPodSandboxMetricsRequest;
import dev.wherry.cri.v1.StreamPodSandboxMetricsResponse;
import dev.wherry.cri.v1.StreamPodSandboxStatsRequest;
import dev.wherry.cri.v1.StreamPodSandboxStatsResponse;
import dev.wherry.cri.v1.StreamPodSandboxesRequest;
import dev.wherry.cri.v1.StreamPodSandboxesResponse;
import dev.wherry.cri.v1.UpdateContainerResourcesRequest;
import dev.wherry.cri.v1.UpdateContainerResourcesResponse;
import dev.wherry.cri.v1.UpdatePodSandboxResourcesRequest;
import dev.wherry.cri.v1.UpdatePodSandboxResourcesResponse;
import dev.wherry.cri.v1.UpdateRuntimeConfigRequest;
import dev.wherry.cri.v1.UpdateRuntimeConfigResponse;
import dev.wherry.cri.v1.VersionRequest;
import dev.wherry.cri.v1.VersionResponse;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.Pods;
import io.grpc.Status;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;

/** Pods and containers for a kubelet. */
@GrpcService
final class CriRuntimeEndpoint implements RuntimeService {

    private final CallRunner calls;
    private final CriNode node;
    private final Pods pods;
    private final CriContainers containers;
    private final CriContainerMessages messages;
    private final ExecSyncCall execs;
    private final CriStreams streams;
    private final CriStats stats;
    private final CriEvents events;
    private final CriMetrics metrics;

    CriRuntimeEndpoint(
            CallRunner calls,
            CriNode node,
            Pods pods,
            CriContainers containers,
            CriContainerMessages messages,
            ExecSyncCall execs,
            CriStreams streams,
            CriStats stats,
            CriEvents events,
            CriMetrics metrics) {
        this.calls = calls;
        this.node = node;
        this.pods = pods;
        this.containers = containers;
        this.messages = messages;
        this.execs = execs;
        this.streams = streams;
        this.stats = stats;
        this.events = events;
        this.metrics = metrics;
    }

    private static <T> Uni<T> unsupported(String what) {
        return Uni.createFrom()
                .failure(Status.UNIMPLEMENTED.withDescription(what).asRuntimeException());
    }

    @Override
    public Uni<VersionResponse> version(VersionRequest request) {
        return calls.on(node::version);
    }

    @Override
    public Uni<StatusResponse> status(StatusRequest request) {
        return calls.on(() -> node.status(request.getVerbose()));
    }

    @Override
    public Uni<RuntimeConfigResponse> runtimeConfig(RuntimeConfigRequest request) {
        return calls.on(node::config);
    }

    /** The range of addresses of a node is a matter of the network. */
    @Override
    public Uni<UpdateRuntimeConfigResponse> updateRuntimeConfig(UpdateRuntimeConfigRequest request) {
        return calls.on(UpdateRuntimeConfigResponse::getDefaultInstance);
    }

    @Override
    public Uni<RunPodSandboxResponse> runPodSandbox(RunPodSandboxRequest request) {
        return calls.on(() -> RunPodSandboxResponse.newBuilder()
                .setPodSandboxId(pods.run(SandboxMessages.config(request.getConfig(), request.getRuntimeHandler())))
                .build());
    }

    @Override
    public Uni<StopPodSandboxResponse> stopPodSandbox(StopPodSandboxRequest request) {
        return calls.on(() -> {
            pods.stop(request.getPodSandboxId());
            return StopPodSandboxResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<RemovePodSandboxResponse> removePodSandbox(RemovePodSandboxRequest request) {
        return calls.on(() -> {
            pods.remove(request.getPodSandboxId());
            return RemovePodSandboxResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<PodSandboxStatusResponse> podSandboxStatus(PodSandboxStatusRequest request) {
        return calls.on(() -> {
            Pod sandbox = pods.get(request.getPodSandboxId());
            PodSandboxStatusResponse.Builder response = PodSandboxStatusResponse.newBuilder()
                    .setStatus(SandboxMessages.status(sandbox))
                    .setTimestamp(Rows.nanos(Instant.now()));
            if (request.getVerbose()) {
                response.putInfo("info", CriInfo.json(sandbox.config()));
            }
            pods.members(sandbox.id()).forEach(member -> response.addContainersStatuses(messages.status(member)));
            return response.build();
        });
    }

    private List<PodSandbox> sandboxes(PodSandboxFilter filter) {
        return pods.list().stream()
                .filter(sandbox -> SandboxMessages.matches(filter, sandbox))
                .map(SandboxMessages::listed)
                .toList();
    }

    @Override
    public Uni<ListPodSandboxResponse> listPodSandbox(ListPodSandboxRequest request) {
        return calls.on(() -> ListPodSandboxResponse.newBuilder()
                .addAllItems(sandboxes(request.getFilter()))
                .build());
    }

    @Override
    public Multi<StreamPodSandboxesResponse> streamPodSandboxes(StreamPodSandboxesRequest request) {
        return calls.stream(out -> {
            for (PodSandbox sandbox : sandboxes(request.getFilter())) {
                out.send(StreamPodSandboxesResponse.newBuilder()
                        .addPodSandboxes(sandbox)
                        .build());
            }
        });
    }

    /** A kubelet itself sets them, at the parent of the pod's control groups. */
    @Override
    public Uni<UpdatePodSandboxResourcesResponse> updatePodSandboxResources(UpdatePodSandboxResourcesRequest request) {
        return calls.on(() -> {
            pods.limit(
                    request.getPodSandboxId(), SandboxMessages.limits(request.getResources(), request.getOverhead()));
            return UpdatePodSandboxResourcesResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<CreateContainerResponse> createContainer(CreateContainerRequest request) {
        return calls.on(() -> CreateContainerResponse.newBuilder()
                .setContainerId(containers.create(request).id())
                .build());
    }

    @Override
    public Uni<StartContainerResponse> startContainer(StartContainerRequest request) {
        return calls.on(() -> {
            pods.start(containers.get(request.getContainerId()));
            return StartContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<StopContainerResponse> stopContainer(StopContainerRequest request) {
        return calls.on(() -> {
            containers.stop(request.getContainerId(), request.getTimeout());
            return StopContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<RemoveContainerResponse> removeContainer(RemoveContainerRequest request) {
        return calls.on(() -> {
            containers.remove(request.getContainerId());
            return RemoveContainerResponse.getDefaultInstance();
        });
    }

    private List<Container> listed(ContainerFilter filter) {
        return containers.list(filter).stream()
                .map(CriContainerMessages::listed)
                .toList();
    }

    @Override
    public Uni<ListContainersResponse> listContainers(ListContainersRequest request) {
        return calls.on(() -> ListContainersResponse.newBuilder()
                .addAllContainers(listed(request.getFilter()))
                .build());
    }

    @Override
    public Multi<StreamContainersResponse> streamContainers(StreamContainersRequest request) {
        return calls.stream(out -> {
            for (Container container : listed(request.getFilter())) {
                out.send(StreamContainersResponse.newBuilder()
                        .addContainers(container)
                        .build());
            }
        });
    }

    @Override
    public Uni<ContainerStatusResponse> containerStatus(ContainerStatusRequest request) {
        return calls.on(() -> {
            dev.wherry.daemon.container.Container container = containers.get(request.getContainerId());
            ContainerStatusResponse.Builder response =
                    ContainerStatusResponse.newBuilder().setStatus(messages.status(container));
            if (request.getVerbose()) {
                response.putAllInfo(messages.info(container));
            }
            return response.build();
        });
    }

    @Override
    public Uni<UpdateContainerResourcesResponse> updateContainerResources(UpdateContainerResourcesRequest request) {
        return calls.on(() -> {
            containers.update(request.getContainerId(), request.getLinux());
            return UpdateContainerResourcesResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<ReopenContainerLogResponse> reopenContainerLog(ReopenContainerLogRequest request) {
        return calls.on(() -> {
            containers.reopenLog(request.getContainerId());
            return ReopenContainerLogResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<ExecSyncResponse> execSync(ExecSyncRequest request) {
        return calls.on(() -> execs.run(request));
    }

    @Override
    public Uni<ExecResponse> exec(ExecRequest request) {
        return calls.on(() -> streams.exec(request));
    }

    @Override
    public Uni<AttachResponse> attach(AttachRequest request) {
        return calls.on(() -> streams.attach(request));
    }

    @Override
    public Uni<PortForwardResponse> portForward(PortForwardRequest request) {
        return calls.on(() -> streams.forward(request));
    }

    @Override
    public Uni<ContainerStatsResponse> containerStats(ContainerStatsRequest request) {
        return calls.on(() -> ContainerStatsResponse.newBuilder()
                .setStats(stats.of(List.of(containers.get(request.getContainerId())))
                        .getFirst())
                .build());
    }

    private List<ContainerStats> stats(ContainerStatsFilter filter) throws InterruptedException {
        return stats.of(containers.list(ContainerFilter.newBuilder()
                .setId(filter.getId())
                .setPodSandboxId(filter.getPodSandboxId())
                .putAllLabelSelector(filter.getLabelSelectorMap())
                .build()));
    }

    @Override
    public Uni<ListContainerStatsResponse> listContainerStats(ListContainerStatsRequest request) {
        return calls.on(() -> ListContainerStatsResponse.newBuilder()
                .addAllStats(stats(request.getFilter()))
                .build());
    }

    @Override
    public Multi<StreamContainerStatsResponse> streamContainerStats(StreamContainerStatsRequest request) {
        return calls.stream(out -> {
            for (ContainerStats one : stats(request.getFilter())) {
                out.send(StreamContainerStatsResponse.newBuilder()
                        .addContainerStats(one)
                        .build());
            }
        });
    }

    @Override
    public Uni<PodSandboxStatsResponse> podSandboxStats(PodSandboxStatsRequest request) {
        return calls.on(() -> PodSandboxStatsResponse.newBuilder()
                .setStats(stats.of(pods.get(request.getPodSandboxId())))
                .build());
    }

    private List<PodSandboxStats> stats(PodSandboxStatsFilter filter) throws InterruptedException {
        PodSandboxFilter wanted = PodSandboxFilter.newBuilder()
                .setId(filter.getId())
                .putAllLabelSelector(filter.getLabelSelectorMap())
                .build();
        return stats.ofPods(pods.list().stream()
                .filter(sandbox -> sandbox.isReady() && SandboxMessages.matches(wanted, sandbox))
                .toList());
    }

    @Override
    public Uni<ListPodSandboxStatsResponse> listPodSandboxStats(ListPodSandboxStatsRequest request) {
        return calls.on(() -> ListPodSandboxStatsResponse.newBuilder()
                .addAllStats(stats(request.getFilter()))
                .build());
    }

    @Override
    public Multi<StreamPodSandboxStatsResponse> streamPodSandboxStats(StreamPodSandboxStatsRequest request) {
        return calls.stream(out -> {
            for (PodSandboxStats one : stats(request.getFilter())) {
                out.send(StreamPodSandboxStatsResponse.newBuilder()
                        .addPodSandboxStats(one)
                        .build());
            }
        });
    }

    @Override
    public Multi<ContainerEventResponse> getContainerEvents(GetEventsRequest request) {
        return calls.stream(CallRunner.Lasts.WATCH, events::watch);
    }

    @Override
    public Uni<ListMetricDescriptorsResponse> listMetricDescriptors(ListMetricDescriptorsRequest request) {
        return calls.on(() -> ListMetricDescriptorsResponse.newBuilder()
                .addAllDescriptors(metrics.descriptors())
                .build());
    }

    @Override
    public Uni<ListPodSandboxMetricsResponse> listPodSandboxMetrics(ListPodSandboxMetricsRequest request) {
        return calls.on(() -> ListPodSandboxMetricsResponse.newBuilder()
                .addAllPodMetrics(metrics.ofPods())
                .build());
    }

    @Override
    public Multi<StreamPodSandboxMetricsResponse> streamPodSandboxMetrics(StreamPodSandboxMetricsRequest request) {
        return calls.stream(out -> {
            for (PodSandboxMetrics one : metrics.ofPods()) {
                out.send(StreamPodSandboxMetricsResponse.newBuilder()
                        .addPodSandboxMetrics(one)
                        .build());
            }
        });
    }

    @Override
    public Uni<CheckpointContainerResponse> checkpointContainer(CheckpointContainerRequest request) {
        return unsupported("checkpoints are not supported");
    }

    @Override
    public Uni<CheckpointPodResponse> checkpointPod(CheckpointPodRequest request) {
        return unsupported("checkpoints are not supported");
    }

    @Override
    public Uni<RestorePodResponse> restorePod(RestorePodRequest request) {
        return unsupported("checkpoints are not supported");
    }
}

package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.json.PodJson;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.Pods;
import dev.wherry.v1.InspectPodRequest;
import dev.wherry.v1.InspectPodResponse;
import dev.wherry.v1.ListPodsRequest;
import dev.wherry.v1.ListPodsResponse;
import dev.wherry.v1.PodContainer;
import dev.wherry.v1.PodService;
import dev.wherry.v1.PodSummary;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Pods over the API. */
@GrpcService
final class PodEndpoint implements PodService {

    private final CallRunner calls;
    private final Pods pods;

    PodEndpoint(CallRunner calls, Pods pods) {
        this.calls = calls;
        this.pods = pods;
    }

    @Override
    public Uni<ListPodsResponse> list(ListPodsRequest request) {
        return calls.on(() -> {
            ListPodsResponse.Builder response = ListPodsResponse.newBuilder();
            pods.list(FilterMessages.filters(request.getFiltersList()))
                    .forEach(pod -> response.addPods(summary(pod, pods.members(pod.id()))));
            return response.build();
        });
    }

    @Override
    public Uni<InspectPodResponse> inspect(InspectPodRequest request) {
        return calls.on(() -> {
            Pod pod = pods.meant(request.getPod());
            List<Container> members = pods.members(pod.id());
            return InspectPodResponse.newBuilder()
                    .setJson(PodJson.of(pod, members))
                    .setSummary(summary(pod, members))
                    .build();
        });
    }

    private static PodSummary.Builder summary(Pod pod, List<Container> members) {
        return PodSummary.newBuilder()
                .setId(pod.id())
                .setName(pod.config().name())
                .setNamespace(pod.config().namespace())
                .setState(pod.state().toString())
                .setCreatedNanos(Times.nanos(pod.createdAt()))
                .putAllLabels(pod.config().labels())
                .addAllContainers(members.stream().map(PodEndpoint::member).toList());
    }

    private static PodContainer member(Container container) {
        return PodContainer.newBuilder()
                .setId(container.id())
                .setName(container.settings().request().pod().name())
                .setState(container.state().toString())
                .build();
    }
}

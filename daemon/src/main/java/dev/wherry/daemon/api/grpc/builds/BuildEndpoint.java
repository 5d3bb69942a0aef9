package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.api.grpc.CacheEntryMessages;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.builder.BuildSession;
import dev.wherry.daemon.builder.Builder;
import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.builder.explain.BuildEntry;
import dev.wherry.daemon.builder.explain.BuildHistory;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildLogsChunk;
import dev.wherry.v1.BuildLogsRequest;
import dev.wherry.v1.BuildMethod;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.BuildResult;
import dev.wherry.v1.BuildService;
import dev.wherry.v1.ExplainBuildRequest;
import dev.wherry.v1.ExplainBuildResponse;
import dev.wherry.v1.InspectBuildRequest;
import dev.wherry.v1.InspectBuildResponse;
import dev.wherry.v1.ListBuildsRequest;
import dev.wherry.v1.ListBuildsResponse;
import dev.wherry.v1.ListCacheRequest;
import dev.wherry.v1.PruneCacheRequest;
import dev.wherry.v1.PruneCacheResponse;
import dev.wherry.v1.RemoveBuildsRequest;
import dev.wherry.v1.RemoveBuildsResponse;
import dev.wherry.v1.ResumeBuild;
import dev.wherry.v1.StepShellRequest;
import dev.wherry.v1.StepShellResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Builds over the API. */
@GrpcService
final class BuildEndpoint implements BuildService {

    private final CallRunner calls;
    private final Builder builder;
    private final CacheUsage cache;
    private final BuildHistory history;
    private final ShellCalls shells;
    private final ResumableBuilds resumables;

    BuildEndpoint(
            CallRunner calls,
            Builder builder,
            CacheUsage cache,
            BuildHistory history,
            ShellCalls shells,
            ResumableBuilds resumables) {
        this.resumables = resumables;
        this.calls = calls;
        this.builder = builder;
        this.cache = cache;
        this.history = history;
        this.shells = shells;
    }

    @Override
    public Multi<BuildEvent> build(Multi<BuildRequest> requests) {
        String owner = ContextOwner.of(Peer.ofCall());
        return calls.link(requests, link -> {
            BuildRequest first =
                    link.next().orElseThrow(() -> new InvalidInputException("a build begins with its options"));
            if (first.hasResume()) {
                link.carries();
                ResumeBuild resume = first.getResume();
                resumables.find(resume.getToken(), owner).resume(BuildLink.of(link), resume.getReceived());
            } else if (calls.isClosed()) {
                throw new ShuttingDownException();
            } else if (!first.hasOptions()) {
                throw new InvalidInputException("a build begins with its options");
            } else if (first.getOptions().getResumable()) {
                ResumableBuild build = resumables.open(owner);
                build.runsOn(link.detach(
                        () -> {
                            build(first.getOptions(), owner, build::next, build::send);
                            build.ended(Optional.empty());
                        },
                        failure -> build.ended(Optional.of(failure))));
                build.begin(BuildLink.of(link));
            } else {
                build(first.getOptions(), owner, link::next, link::send);
            }
        });
    }

    private void build(dev.wherry.v1.BuildOptions options, String owner, RemoteContext.Requests in, EventSink out)
            throws InterruptedException {
        long contexts = Caller.current().quota().mostContexts();
        try (StepRequests steps = new StepRequests(options, in, out)) {
            BuildSession session = builder.session(
                    BuildMessages.request(options),
                    context -> new RemoteContext(owner, contexts, context, steps::next, out),
                    steps,
                    new BuildEvents(out));
            out.send(BuildEvent.newBuilder()
                    .setResult(result(session, options.getMethod(), new OutputPieces(options, out, steps)))
                    .build());
        }
    }

    private static BuildResult result(BuildSession session, BuildMethod method, OutputPieces outputs) {
        return switch (method) {
            case BUILD_METHOD_UNSPECIFIED -> OutputMessages.result(session.build(outputs));
            case BUILD_METHOD_CHECK -> {
                session.check();
                yield BuildResult.getDefaultInstance();
            }
            case BUILD_METHOD_OUTLINE -> ReportMessages.result(session.outline());
            case BUILD_METHOD_TARGETS -> ReportMessages.result(session.targets());
            case UNRECOGNIZED -> throw new InvalidInputException("this wherryd knows no such call of a build");
        };
    }

    @Override
    public Multi<StepShellResponse> stepShell(Multi<StepShellRequest> requests) {
        return shells.shell(requests);
    }

    @Override
    public Uni<PruneCacheResponse> pruneCache(PruneCacheRequest request) {
        return calls.on(() -> {
            CacheUsage.Pruned pruned = cache.prune(CacheMessages.options(request));
            return CacheMessages.response(pruned);
        });
    }

    @Override
    public Multi<dev.wherry.v1.CacheEntry> listCache(ListCacheRequest request) {
        return calls.stream(out -> {
            for (CacheEntry entry : cache.list(CacheMessages.filter(request.getFiltersList()))) {
                out.send(CacheEntryMessages.entry(entry));
            }
        });
    }

    @Override
    public Uni<ListBuildsResponse> listBuilds(ListBuildsRequest request) {
        return calls.on(() -> ListBuildsResponse.newBuilder()
                .addAllBuilds(
                        history.list().stream().map(HistoryMessages::summary).toList())
                .build());
    }

    @Override
    public Uni<InspectBuildResponse> inspectBuild(InspectBuildRequest request) {
        return calls.on(() -> {
            BuildEntry build = history.find(request.getBuild());
            return InspectBuildResponse.newBuilder()
                    .setSummary(HistoryMessages.summary(build))
                    .setJson(history.inspect(build))
                    .build();
        });
    }

    @Override
    public Uni<ExplainBuildResponse> explainBuild(ExplainBuildRequest request) {
        return calls.on(() -> {
            BuildEntry build = history.find(request.getBuild());
            return ExplainBuildResponse.newBuilder()
                    .setBuild(HistoryMessages.summary(build))
                    .addAllSteps(history.why(build, request.getStep()).stream()
                            .map(HistoryMessages::explanation)
                            .toList())
                    .build();
        });
    }

    @Override
    public Multi<BuildLogsChunk> buildLogs(BuildLogsRequest request) {
        return calls.stream(out -> HistoryMessages.logs(history, request, out));
    }

    @Override
    public Uni<RemoveBuildsResponse> removeBuilds(RemoveBuildsRequest request) {
        return calls.on(() -> {
            List<BuildEntry> builds = request.getAll()
                    ? history.list()
                    : request.getBuildsList().stream().map(history::find).toList();
            history.remove(builds);
            return RemoveBuildsResponse.newBuilder()
                    .addAllBuilds(builds.stream().map(BuildEntry::ref).toList())
                    .build();
        });
    }
}

package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.control.BuildHistoryEvent;
import dev.wherry.buildkit.control.BuildHistoryRequest;
import dev.wherry.buildkit.control.BytesMessage;
import dev.wherry.buildkit.control.DiskUsageRequest;
import dev.wherry.buildkit.control.DiskUsageResponse;
import dev.wherry.buildkit.control.InfoRequest;
import dev.wherry.buildkit.control.InfoResponse;
import dev.wherry.buildkit.control.ListWorkersRequest;
import dev.wherry.buildkit.control.ListWorkersResponse;
import dev.wherry.buildkit.control.MutinyControlGrpc;
import dev.wherry.buildkit.control.PruneRequest;
import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.buildkit.control.SolveResponse;
import dev.wherry.buildkit.control.StatusRequest;
import dev.wherry.buildkit.control.StatusResponse;
import dev.wherry.buildkit.control.UpdateBuildHistoryRequest;
import dev.wherry.buildkit.control.UpdateBuildHistoryResponse;
import dev.wherry.buildkit.control.UsageRecord;
import dev.wherry.daemon.api.docker.buildkit.session.ClientSessions;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.error.UnsupportedException;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** The service that clients of BuildKit call for their builds, and for what is kept of them. */
@GrpcService
@RegisterInterceptor(CallHeaders.class)
final class ControlEndpoint extends MutinyControlGrpc.ControlImplBase {

    private final CallRunner calls;
    private final Solves solves;
    private final WorkerRecords workers;
    private final Frontend frontend;

    private final HistoryRecords history;
    private final CacheUsage cache;
    private final ClientSessions sessions;

    ControlEndpoint(
            CallRunner calls,
            Solves solves,
            WorkerRecords workers,
            Frontend frontend,
            HistoryRecords history,
            CacheUsage cache,
            ClientSessions sessions) {
        this.calls = calls;
        this.solves = solves;
        this.workers = workers;
        this.frontend = frontend;
        this.history = history;
        this.cache = cache;
        this.sessions = sessions;
    }

    @Override
    public Uni<ListWorkersResponse> listWorkers(ListWorkersRequest request) {
        return calls.on(() ->
                ListWorkersResponse.newBuilder().addRecord(workers.worker()).build());
    }

    @Override
    public Uni<InfoResponse> info(InfoRequest request) {
        return calls.on(() -> InfoResponse.newBuilder()
                .setBuildkitVersion(WorkerRecords.version())
                .build());
    }

    @Override
    public Uni<SolveResponse> solve(SolveRequest request) {
        return calls.on(() -> {
            Solve solve = SolveFailures.told(() -> solves.open(request));
            try {
                return SolveFailures.told(
                        () -> {
                            solve(solve, request);
                            return SolveResponse.newBuilder()
                                    .putAllExporterResponse(solve.response())
                                    .build();
                        },
                        solve.progress()::place);
            } finally {
                solves.close(solve);
            }
        });
    }

    private void solve(Solve solve, SolveRequest request) throws InterruptedException {
        if (!request.getFrontend().isEmpty()) {
            frontend.solve(solve, request.getFrontend(), request.getFrontendAttrsMap(), request.getFrontendInputsMap());
        } else if (request.getDefinition().getDefCount() > 0) {
            throw refusal();
        } else {
            solve.awaitReturn();
        }
    }

    /** What BuildKit's own graph is answered with. */
    static UnsupportedException refusal() {
        return new UnsupportedException(
                "definitions of BuildKit's own graph (LLB) are not supported: build a Dockerfile, or use a builder of the"
                        + " driver docker-container");
    }

    @Override
    public Multi<StatusResponse> status(StatusRequest request) {
        return calls.stream(Lasts.CARRY, out -> {
            String build = request.getRef();
            if (solves.find(build).map(solve -> solve.log().isOver()).orElse(true) && history.has(build)) {
                history.replay(build, out);
                return;
            }
            try (StatusLog.Watcher watcher = solves.await(build).log().watch()) {
                for (Optional<StatusResponse> said = watcher.next(); said.isPresent(); said = watcher.next()) {
                    out.send(said.get());
                }
            }
        });
    }

    /** A session that does not come over a connection of its own. */
    @Override
    public Multi<BytesMessage> session(Multi<BytesMessage> requests) {
        SessionOffer offer = SessionOffer.of(CallHeaders::text, CallHeaders::texts, Peer.ofCall());
        return calls.converse(Lasts.CARRY, requests, (in, out) -> {
            sessions.check(offer.id());
            sessions.serve(
                    SessionTunnel.input(in), SessionTunnel.output(out), offer.id(), offer.directory(), offer.methods());
        });
    }

    @Override
    public Uni<DiskUsageResponse> diskUsage(DiskUsageRequest request) {
        return calls.on(() -> DiskUsageResponse.newBuilder()
                .addAllRecord(cache.list(UsageRecords.filter(request.getFilterList())).stream()
                        .map(UsageRecords::record)
                        .toList())
                .build());
    }

    @Override
    public Multi<UsageRecord> prune(PruneRequest request) {
        return calls.stream(out -> {
            for (CacheEntry entry : cache.prune(UsageRecords.options(request)).removed()) {
                out.send(UsageRecords.record(entry));
            }
        });
    }

    @Override
    public Multi<BuildHistoryEvent> listenBuildHistory(BuildHistoryRequest request) {
        return calls.stream(out -> {
            for (BuildHistoryEvent event : history.list(request)) {
                out.send(event);
            }
        });
    }

    @Override
    public Uni<UpdateBuildHistoryResponse> updateBuildHistory(UpdateBuildHistoryRequest request) {
        return calls.on(() -> {
            if (request.getDelete()) {
                history.remove(request.getRef());
            } else if (request.getPinned()) {
                throw new UnsupportedException("builds of the history cannot be pinned");
            }
            return UpdateBuildHistoryResponse.getDefaultInstance();
        });
    }
}

package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.gateway.EvaluateRequest;
import dev.wherry.buildkit.gateway.EvaluateResponse;
import dev.wherry.buildkit.gateway.InputsRequest;
import dev.wherry.buildkit.gateway.InputsResponse;
import dev.wherry.buildkit.gateway.MutinyLLBBridgeGrpc;
import dev.wherry.buildkit.gateway.PingRequest;
import dev.wherry.buildkit.gateway.PongResponse;
import dev.wherry.buildkit.gateway.Ref;
import dev.wherry.buildkit.gateway.Result;
import dev.wherry.buildkit.gateway.ReturnRequest;
import dev.wherry.buildkit.gateway.ReturnResponse;
import dev.wherry.buildkit.gateway.SolveRequest;
import dev.wherry.buildkit.gateway.SolveResponse;
import dev.wherry.buildkit.gateway.WarnRequest;
import dev.wherry.buildkit.gateway.WarnResponse;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** The service by which a client acts as a frontend: it says what to build, and takes the results. */
@GrpcService
@RegisterInterceptor(CallHeaders.class)
final class BridgeEndpoint extends MutinyLLBBridgeGrpc.LLBBridgeImplBase {

    private final CallRunner calls;
    private final Solves solves;
    private final WorkerRecords workers;
    private final Frontend frontend;

    BridgeEndpoint(CallRunner calls, Solves solves, WorkerRecords workers, Frontend frontend) {
        this.calls = calls;
        this.solves = solves;
        this.workers = workers;
        this.frontend = frontend;
    }

    @Override
    public Uni<PongResponse> ping(PingRequest request) {
        return calls.on(() -> workers.pong());
    }

    @Override
    public Uni<SolveResponse> solve(SolveRequest request) {
        String build = CallHeaders.build();
        return calls.on(() -> {
            Solve solve = SolveFailures.told(() -> solves.await(build));
            return SolveFailures.told(() -> solve(solve, request), solve.progress()::place);
        });
    }

    private SolveResponse solve(Solve solve, SolveRequest request) throws InterruptedException {
        return request.getFrontend().isEmpty()
                ? definition(request)
                : SolveResponse.newBuilder()
                        .setResult(frontend.solve(
                                solve,
                                request.getFrontend(),
                                request.getFrontendOptMap(),
                                request.getFrontendInputsMap()))
                        .build();
    }

    /** A definition that stands for a result is that result, one without operations is nothing. */
    private static SolveResponse definition(SolveRequest request) {
        if (request.getDefinition().getDefCount() > 0
                && SolveResult.place(request.getDefinition()).isEmpty()) {
            throw ControlEndpoint.refusal();
        }
        return SolveResponse.newBuilder()
                .setResult(Result.newBuilder().setRef(Ref.newBuilder().setDef(request.getDefinition())))
                .build();
    }

    @Override
    public Uni<EvaluateResponse> evaluate(EvaluateRequest request) {
        // What has been solved has been built.
        return calls.on(EvaluateResponse::getDefaultInstance);
    }

    @Override
    public Uni<InputsResponse> inputs(InputsRequest request) {
        String build = CallHeaders.build();
        return calls.on(() -> InputsResponse.newBuilder()
                .putAllDefinitions(solves.await(build).request().getFrontendInputsMap())
                .build());
    }

    @Override
    public Uni<WarnResponse> warn(WarnRequest request) {
        String build = CallHeaders.build();
        return calls.on(() -> {
            solves.await(build)
                    .progress()
                    .warned(request.getShort().toStringUtf8(), request.getDetailList(), request.getUrl());
            return WarnResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<ReturnResponse> return_(ReturnRequest request) {
        String build = CallHeaders.build();
        return calls.on(Lasts.CARRY, () -> {
            solves.await(build).returned(request.hasError() ? Optional.of(request.getError()) : Optional.empty());
            return ReturnResponse.getDefaultInstance();
        });
    }
}

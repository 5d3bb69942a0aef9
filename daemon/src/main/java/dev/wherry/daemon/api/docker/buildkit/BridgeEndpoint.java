package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.buildkit.gateway.EvaluateRequest;
import dev.wherry.buildkit.gateway.EvaluateResponse;
import dev.wherry.buildkit.gateway.InputsRequest;
import dev.wherry.buildkit.gateway.InputsResponse;
import dev.wherry.buildkit.gateway.MutinyLLBBridgeGrpc;
import dev.wherry.buildkit.gateway.NewContainerRequest;
import dev.wherry.buildkit.gateway.NewContainerResponse;
import dev.wherry.buildkit.gateway.PingRequest;
import dev.wherry.buildkit.gateway.PongResponse;
import dev.wherry.buildkit.gateway.ReadDirRequest;
import dev.wherry.buildkit.gateway.ReadDirResponse;
import dev.wherry.buildkit.gateway.ReadFileRequest;
import dev.wherry.buildkit.gateway.ReadFileResponse;
import dev.wherry.buildkit.gateway.Ref;
import dev.wherry.buildkit.gateway.Result;
import dev.wherry.buildkit.gateway.ReturnRequest;
import dev.wherry.buildkit.gateway.ReturnResponse;
import dev.wherry.buildkit.gateway.SolveRequest;
import dev.wherry.buildkit.gateway.SolveResponse;
import dev.wherry.buildkit.gateway.StatFileRequest;
import dev.wherry.buildkit.gateway.StatFileResponse;
import dev.wherry.buildkit.gateway.WarnRequest;
import dev.wherry.buildkit.gateway.WarnResponse;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.error.UnsupportedException;
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
    private final BridgeFiles files;

    BridgeEndpoint(CallRunner calls, Solves solves, WorkerRecords workers, Frontend frontend, BridgeFiles files) {
        this.calls = calls;
        this.solves = solves;
        this.workers = workers;
        this.frontend = frontend;
        this.files = files;
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
                ? definition(solve, request)
                : SolveResponse.newBuilder()
                        .setResult(frontend.solve(
                                solve,
                                request.getFrontend(),
                                request.getFrontendOptMap(),
                                request.getFrontendInputsMap()))
                        .build();
    }

    /** A definition that stands for a result is that result, one without operations is nothing; others fetch at most. */
    private SolveResponse definition(Solve solve, SolveRequest request) throws InterruptedException {
        Ref.Builder ref = Ref.newBuilder().setDef(request.getDefinition());
        if (request.getDefinition().getDefCount() > 0
                && SolveResult.place(request.getDefinition()).isEmpty()) {
            ref.setId(
                    files.fetch(solve, GraphSource.of(request.getDefinition()).orElseThrow(ControlEndpoint::refusal)));
        }
        return SolveResponse.newBuilder()
                .setResult(Result.newBuilder().setRef(ref))
                .build();
    }

    @Override
    public Uni<ReadFileResponse> readFile(ReadFileRequest request) {
        String build = CallHeaders.build();
        return calls.on(() -> SolveFailures.told(() -> ReadFileResponse.newBuilder()
                .setData(UnsafeByteOperations.unsafeWrap(
                        files.read(solves.await(build), request.getRef(), request.getFilePath(), request.getRange())))
                .build()));
    }

    @Override
    public Uni<StatFileResponse> statFile(StatFileRequest request) {
        String build = CallHeaders.build();
        return calls.on(() -> SolveFailures.told(() -> StatFileResponse.newBuilder()
                .setStat(files.stat(solves.await(build), request.getRef(), request.getPath()))
                .build()));
    }

    @Override
    public Uni<ReadDirResponse> readDir(ReadDirRequest request) {
        String build = CallHeaders.build();
        return calls.on(() -> SolveFailures.told(() -> ReadDirResponse.newBuilder()
                .addAllEntries(files.list(solves.await(build), request.getRef(), request.getDirPath()))
                .build()));
    }

    @Override
    public Uni<NewContainerResponse> newContainer(NewContainerRequest request) {
        return calls.on(() -> SolveFailures.told(() -> {
            throw new UnsupportedException(
                    "containers in the middle of a build are not supported over BuildKit's protocol: wherry build --on-failure"
                            + " shell opens one where a step fails");
        }));
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

package dev.wherry.daemon.rpc;

import dev.wherry.daemon.build.Builder;
import dev.wherry.daemon.build.cache.CacheStore;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.BuildService;
import dev.wherry.v1.PruneCacheRequest;
import dev.wherry.v1.PruneCacheResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Builds over the API. */
@GrpcService
final class BuildEndpoint implements BuildService {

    private final Calls calls;
    private final Builder builder;
    private final CacheStore cache;
    private final ContextOpener contexts;

    BuildEndpoint(Calls calls, Builder builder, CacheStore cache, ContextOpener contexts) {
        this.calls = calls;
        this.builder = builder;
        this.cache = cache;
        this.contexts = contexts;
    }

    @Override
    public Multi<BuildEvent> build(Multi<BuildRequest> requests) {
        return calls.converse(requests, (in, out) -> {
            dev.wherry.v1.BuildOptions options = in.next()
                    .filter(BuildRequest::hasOptions)
                    .orElseThrow(() -> new InvalidInputException("a build begins with its options"))
                    .getOptions();
            BuildEvents progress = new BuildEvents(out);
            try (ContextOpener.Opened opened = contexts.open(options, new RemoteContext(in, out), progress);
                    OpenContexts named = contexts.named(options, name -> new RemoteContext(name, in, out), progress)) {
                build(opened, named, options, progress, out);
            }
        });
    }

    private void build(
            ContextOpener.Opened opened,
            OpenContexts named,
            dev.wherry.v1.BuildOptions options,
            BuildEvents progress,
            Outgoing<BuildEvent> out)
            throws InterruptedException {
        var result = builder.build(
                opened.context(),
                named,
                BuildMessages.options(options, opened.dockerfile()),
                progress,
                new OutputPieces(out));
        out.send(BuildEvent.newBuilder()
                .setResult(OutputMessages.result(result.product(), result.difference())
                        .addAllTags(result.tags())
                        .setStepsCached(result.cachedSteps())
                        .setStepsTotal(result.steps())
                        .setSavedNanos(result.saved().toNanos()))
                .build());
    }

    @Override
    public Uni<PruneCacheResponse> pruneCache(PruneCacheRequest request) {
        return calls.on(() -> {
            CacheStore.Pruned pruned = cache.prune(request.getAll());
            return PruneCacheResponse.newBuilder()
                    .setRecords(pruned.records())
                    .setReclaimedBytes(pruned.bytes())
                    .build();
        });
    }
}

package dev.wherry.daemon.rpc;

import dev.wherry.daemon.build.Builder;
import dev.wherry.daemon.build.cache.CacheStore;
import dev.wherry.daemon.build.context.SharedDirectory;
import dev.wherry.daemon.build.context.SyncedContexts;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.BuildResult;
import dev.wherry.v1.BuildService;
import dev.wherry.v1.LocalContext;
import dev.wherry.v1.PruneCacheRequest;
import dev.wherry.v1.PruneCacheResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.util.Optional;

/** Builds over the API. */
@GrpcService
final class BuildEndpoint implements BuildService {

    private final Calls calls;
    private final Builder builder;
    private final CacheStore cache;
    private final SyncedContexts contexts;

    BuildEndpoint(Calls calls, Builder builder, CacheStore cache, SyncedContexts contexts) {
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
            if (!options.hasContext()) {
                build(contexts.none(), options, Optional.empty(), out);
                return;
            }
            LocalContext local = options.getContext();
            Optional<Path> shared = new SharedDirectory(
                            Path.of(local.getPath()), local.getMountNamespace(), local.getDevice(), local.getInode())
                    .verify();
            if (shared.isPresent()) {
                build(shared.get(), options, Optional.empty(), out);
                return;
            }
            RemoteContext remote = new RemoteContext(in, out);
            Optional<byte[]> dockerfile = options.getDockerfileContent().isEmpty()
                    ? Optional.of(remote.dockerfile(BuildMessages.dockerfileName(options)))
                    : Optional.empty();
            try (SyncedContexts.Copy copy = contexts.sync(
                    local.getPath(), BuildMessages.options(options, dockerfile).ignoreFiles(), remote)) {
                build(copy.root(), options, dockerfile, out);
            }
        });
    }

    private void build(
            Path context, dev.wherry.v1.BuildOptions options, Optional<byte[]> dockerfile, Outgoing<BuildEvent> out)
            throws InterruptedException {
        var result = builder.build(context, BuildMessages.options(options, dockerfile), new BuildEvents(out));
        out.send(BuildEvent.newBuilder()
                .setResult(BuildResult.newBuilder()
                        .setImageId(result.image().id().toString())
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

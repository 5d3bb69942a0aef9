package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.builder.plan.ConfigChanges;
import dev.wherry.daemon.container.files.CommitOptions;
import dev.wherry.daemon.container.files.Commits;
import dev.wherry.daemon.container.files.ContainerArchives;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.snapshot.files.PathStat;
import dev.wherry.daemon.snapshot.layer.ChangedPath;
import dev.wherry.v1.CommitRequest;
import dev.wherry.v1.CommitResponse;
import dev.wherry.v1.CopyFromRequest;
import dev.wherry.v1.CopyFromResponse;
import dev.wherry.v1.CopyToRequest;
import dev.wherry.v1.CopyToResponse;
import dev.wherry.v1.CopyToTarget;
import dev.wherry.v1.DiffRequest;
import dev.wherry.v1.DiffResponse;
import dev.wherry.v1.ExportRequest;
import dev.wherry.v1.ExportResponse;
import dev.wherry.v1.PathChange;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;

/** The files of a container over the API. */
@Singleton
final class FileCalls {

    private final CallRunner calls;
    private final ContainerArchives archives;
    private final Commits commits;

    FileCalls(CallRunner calls, ContainerArchives archives, Commits commits) {
        this.calls = calls;
        this.archives = archives;
        this.commits = commits;
    }

    Uni<DiffResponse> diff(DiffRequest request) {
        return calls.on(() -> {
            DiffResponse.Builder response = DiffResponse.newBuilder();
            for (ChangedPath change : archives.diff(request.getContainer())) {
                response.addChanges(PathChange.newBuilder()
                        .setPath(change.path())
                        .setKind(
                                switch (change.kind()) {
                                    case MODIFIED -> PathChange.Kind.KIND_MODIFIED;
                                    case ADDED -> PathChange.Kind.KIND_ADDED;
                                    case DELETED -> PathChange.Kind.KIND_DELETED;
                                }));
            }
            return response.build();
        });
    }

    Multi<ExportResponse> export(ExportRequest request) {
        return calls.stream(out -> {
            try (ChunkOutput<ExportResponse> tar = new ChunkOutput<>(
                    out, data -> ExportResponse.newBuilder().setData(data).build())) {
                archives.export(request.getContainer(), tar);
            }
        });
    }

    Multi<CopyFromResponse> copyFrom(CopyFromRequest request) {
        return calls.stream(out -> {
            if (request.getStatOnly()) {
                out.send(message(archives.stat(request.getContainer(), request.getPath())));
                return;
            }
            ChunkOutput<CopyFromResponse> tar = new ChunkOutput<>(
                    out, data -> CopyFromResponse.newBuilder().setData(data).build());
            archives.copyFrom(request.getContainer(), request.getPath(), request.getFollowLink(), sendingTo(out), tar);
            tar.close();
        });
    }

    /** Sends what is at a path, before the files. */
    static Consumer<PathStat> sendingTo(ResponseSender<CopyFromResponse> out) {
        return stat -> {
            try {
                out.send(message(stat));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CancelledException("the client went away");
            }
        };
    }

    static CopyFromResponse message(PathStat stat) {
        return CopyFromResponse.newBuilder()
                .setStat(dev.wherry.v1.PathStat.newBuilder()
                        .setName(stat.name())
                        .setSize(stat.size())
                        .setMode(stat.mode())
                        .setModifiedNanos(stat.modifiedNanos())
                        .setLinkTarget(stat.linkTarget()))
                .build();
    }

    Uni<CopyToResponse> copyTo(Multi<CopyToRequest> requests) {
        return calls.receive(requests, in -> {
            CopyToTarget target = in.next()
                    .filter(CopyToRequest::hasTarget)
                    .orElseThrow(() -> new InvalidInputException("a copy begins with where it goes"))
                    .getTarget();
            archives.copyTo(
                    target.getContainer(),
                    target.getPath(),
                    target.getToUser(),
                    target.getOverwriteKind(),
                    new RequestStream<>(in, request -> request.hasData() ? request.getData() : ByteString.EMPTY));
            return CopyToResponse.getDefaultInstance();
        });
    }

    Uni<CommitResponse> commit(CommitRequest request) {
        return calls.on(() -> {
            Optional<Reference> reference = request.getReference().isEmpty()
                    ? Optional.empty()
                    : Optional.of(RequestField.read("reference", () -> Reference.parse(request.getReference())));
            CommitOptions options = new CommitOptions(
                    reference,
                    request.getMessage(),
                    request.getAuthor(),
                    RequestField.read("changes", () -> ConfigChanges.parse(request.getChangesList())),
                    request.getPause());
            return CommitResponse.newBuilder()
                    .setImageId(commits.commit(request.getContainer(), options).toString())
                    .build();
        });
    }
}

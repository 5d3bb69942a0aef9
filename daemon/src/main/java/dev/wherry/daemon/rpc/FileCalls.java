package dev.wherry.daemon.rpc;

import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.v1.CommitRequest;
import dev.wherry.v1.CommitResponse;
import dev.wherry.v1.CopyFromRequest;
import dev.wherry.v1.CopyFromResponse;
import dev.wherry.v1.CopyToRequest;
import dev.wherry.v1.CopyToResponse;
import dev.wherry.v1.DiffRequest;
import dev.wherry.v1.DiffResponse;
import dev.wherry.v1.ExportRequest;
import dev.wherry.v1.ExportResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** The files of a container over the API. */
@Singleton
final class FileCalls {

    private final Calls calls;

    FileCalls(Calls calls) {
        this.calls = calls;
    }

    Uni<DiffResponse> diff(DiffRequest request) {
        return calls.on(() -> {
            throw new UnsupportedException("not supported yet");
        });
    }

    Multi<ExportResponse> export(ExportRequest request) {
        return calls.stream(out -> {
            throw new UnsupportedException("not supported yet");
        });
    }

    Multi<CopyFromResponse> copyFrom(CopyFromRequest request) {
        return calls.stream(out -> {
            throw new UnsupportedException("not supported yet");
        });
    }

    Uni<CopyToResponse> copyTo(Multi<CopyToRequest> requests) {
        return calls.on(() -> {
            throw new UnsupportedException("not supported yet");
        });
    }

    Uni<CommitResponse> commit(CommitRequest request) {
        return calls.on(() -> {
            throw new UnsupportedException("not supported yet");
        });
    }
}

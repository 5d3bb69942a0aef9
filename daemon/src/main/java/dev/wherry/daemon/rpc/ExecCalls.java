package dev.wherry.daemon.rpc;

import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.v1.ExecRequest;
import dev.wherry.v1.ExecResponse;
import dev.wherry.v1.InspectExecRequest;
import dev.wherry.v1.InspectExecResponse;
import dev.wherry.v1.StatsRequest;
import dev.wherry.v1.StatsResponse;
import dev.wherry.v1.TopRequest;
import dev.wherry.v1.TopResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** What runs in a container beside its first process, and what all of it uses, over the API. */
@Singleton
final class ExecCalls {

    private final Calls calls;

    ExecCalls(Calls calls) {
        this.calls = calls;
    }

    Multi<ExecResponse> exec(Multi<ExecRequest> requests) {
        return calls.stream(out -> {
            throw new UnsupportedException("not supported yet");
        });
    }

    Uni<InspectExecResponse> inspectExec(InspectExecRequest request) {
        return calls.on(() -> {
            throw new UnsupportedException("not supported yet");
        });
    }

    Uni<TopResponse> top(TopRequest request) {
        return calls.on(() -> {
            throw new UnsupportedException("not supported yet");
        });
    }

    Multi<StatsResponse> stats(StatsRequest request) {
        return calls.stream(out -> {
            throw new UnsupportedException("not supported yet");
        });
    }
}

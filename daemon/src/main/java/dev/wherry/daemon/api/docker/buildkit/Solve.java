package dev.wherry.daemon.api.docker.buildkit;

import com.google.rpc.Status;
import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.daemon.error.CancelledException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/**
 * One build of a client of BuildKit. {@code Control.Solve} opens it and waits; calls of the bridge build, each of which gives a
 * result that the client knows by a number; {@code Return} ends it.
 */
final class Solve {

    private static final String FETCHED = "fetched-";

    private final SolveRequest request;
    private final String owner;
    private final StatusLog log = new StatusLog();
    private final SolveProgress progress;
    private final Map<String, String> response = new ConcurrentHashMap<>();
    private final List<SolveResult> results = new CopyOnWriteArrayList<>();
    private final List<BridgeFiles.Fetched> fetched = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Optional<Status>> returned = new CompletableFuture<>();
    private final CopyOnWriteArrayList<Runnable> endings = new CopyOnWriteArrayList<>();

    Solve(SolveRequest request, String owner) {
        this.request = request;
        this.owner = owner;
        this.progress = new SolveProgress(request.getRef(), log);
    }

    SolveRequest request() {
        return request;
    }

    String owner() {
        return owner;
    }

    StatusLog log() {
        return log;
    }

    SolveProgress progress() {
        return progress;
    }

    /** Where {@code Control.Solve} finds what it answers. */
    Map<String, String> response() {
        return response;
    }

    /** Keeps a result; the answer is what the client knows it by. */
    String add(SolveResult result) {
        results.add(result);
        return Integer.toString(results.size() - 1);
    }

    Optional<SolveResult> result(String number) {
        try {
            int place = Integer.parseInt(number);
            return place >= 0 && place < results.size() ? Optional.of(results.get(place)) : Optional.empty();
        } catch (NumberFormatException word) {
            return Optional.empty();
        }
    }

    /** Keeps what was fetched; the answer is what the client knows it by. */
    String add(BridgeFiles.Fetched files) {
        fetched.add(files);
        return FETCHED + (fetched.size() - 1);
    }

    /** How much was fetched. */
    int fetched() {
        return fetched.size();
    }

    Optional<BridgeFiles.Fetched> fetched(String number) {
        for (int place = 0; place < fetched.size(); place++) {
            if (number.equals(FETCHED + place)) {
                return Optional.of(fetched.get(place));
            }
        }
        return Optional.empty();
    }

    /** Does something when the build has ended. */
    void onEnd(Runnable action) {
        endings.add(action);
    }

    /** The client says that it is done, or why not. */
    void returned(Optional<Status> failure) {
        returned.complete(failure);
    }

    /** Waits until the client says so. */
    void awaitReturn() throws InterruptedException {
        try {
            Optional<Status> failure = returned.get();
            if (failure.isPresent()) {
                throw StatusProto.toStatusRuntimeException(failure.get());
            }
        } catch (ExecutionException impossible) {
            throw new CancelledException("the build was cancelled", impossible);
        }
    }

    void end() {
        returned.complete(Optional.empty());
        log.end();
        endings.forEach(Runnable::run);
        endings.clear();
    }
}

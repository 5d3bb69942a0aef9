package dev.wherry.cli.command.image.files;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.function.Predicate;

/** Reads the answers of a call that streams. */
final class Received {
    private Received() {}

    /**
     * Passes on each answer until the stream ends, or no more are wanted.
     *
     * @param more whether to go on after an answer
     * @throws dev.wherry.cli.error.Failure when the daemon refuses, or the connection is lost
     */
    static <T> void each(DaemonChannel daemon, BlockingClientCall<?, T> call, Predicate<T> more) {
        try {
            for (T response = call.read(); response != null && more.test(response); response = call.read()) {
                // The predicate has taken the answer.
            }
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
        }
    }
}

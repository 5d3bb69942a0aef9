package dev.wherry.cli.client.files;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;

/** Writes what a call answers to a target, which is complete only if all of it came. */
final class TargetCall {
    private TargetCall() {}

    /** Takes one answer. */
    @FunctionalInterface
    interface Taker<T> {
        void take(T answer) throws IOException;
    }

    /** @throws dev.wherry.cli.error.Failure when the daemon refuses, or the target takes no more */
    static <T> void run(DaemonChannel daemon, BlockingClientCall<?, T> call, OutputTarget target, Taker<T> taker)
            throws IOException {
        boolean complete = false;
        try {
            for (T answer = call.read(); answer != null; answer = call.read()) {
                taker.take(answer);
            }
            complete = true;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
            if (!complete) {
                target.abandon();
            }
        }
        target.finish();
    }
}

package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.WherryException;
import io.grpc.Status;
import java.util.concurrent.Callable;

/** How builds fail towards clients of BuildKit, which write any other code than the unknown one before the sentence. */
final class SolveFailures {

    private SolveFailures() {}

    static <T> T told(Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (CancelledException | ShuttingDownException ended) {
            throw ended;
        } catch (WherryException failure) {
            throw Status.UNKNOWN.withDescription(failure.getMessage()).asRuntimeException();
        }
    }
}

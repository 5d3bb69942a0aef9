package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.wherry.daemon.api.server.ErrorText;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.WherryException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** How builds fail towards clients of BuildKit, which write any other code than the unknown one before the sentence. */
final class SolveFailures {

    private SolveFailures() {}

    static <T> T told(Callable<T> work) throws Exception {
        return told(work, _ -> Optional.empty());
    }

    /** @param detail what shows the place of a failure */
    static <T> T told(Callable<T> work, Function<WherryException, Optional<Any>> detail) throws Exception {
        try {
            return work.call();
        } catch (CancelledException | ShuttingDownException ended) {
            throw ended;
        } catch (WherryException failure) {
            Status.Builder status = Status.newBuilder()
                    .setCode(Code.UNKNOWN.getNumber())
                    .setMessage(ErrorText.of(failure.getMessage()));
            detail.apply(failure).ifPresent(status::addDetails);
            throw StatusProto.toStatusRuntimeException(status.build());
        }
    }
}

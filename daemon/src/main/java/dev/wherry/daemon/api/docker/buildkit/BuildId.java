package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.error.InvalidInputException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import jakarta.inject.Singleton;

/** Which build a call of the bridge belongs to, as a header of the call says. */
@Singleton
final class BuildId implements ServerInterceptor {

    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("buildkit-controlapi-buildid", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<String> CURRENT = Context.key("buildkit-build");

    /** On the thread that the service method is called on. */
    static String current() {
        String id = CURRENT.get();
        if (id == null) {
            throw new InvalidInputException("the call does not say which build it belongs to");
        }
        return id;
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        String id = headers.get(HEADER);
        return id == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(CURRENT, id), call, headers, next);
    }
}

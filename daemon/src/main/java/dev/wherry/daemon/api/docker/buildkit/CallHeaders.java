package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.error.InvalidInputException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The headers of a call, in which clients of BuildKit say what messages have no place for. */
@Singleton
final class CallHeaders implements ServerInterceptor {

    private static final String BUILD = "buildkit-controlapi-buildid";

    private static final Context.Key<Metadata> CURRENT = Context.key("buildkit-headers");

    /** Which build a call belongs to; on the thread that the service method is called on, as all here. */
    static String build() {
        return text(BUILD)
                .orElseThrow(() -> new InvalidInputException("the call does not say which build it belongs to"));
    }

    static Optional<String> text(String name) {
        return texts(name).stream().findFirst();
    }

    static List<String> texts(String name) {
        Iterable<String> values = CURRENT.get().getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        List<String> texts = new ArrayList<>();
        if (values != null) {
            values.forEach(texts::add);
        }
        return texts;
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        return Contexts.interceptCall(Context.current().withValue(CURRENT, headers), call, headers, next);
    }
}

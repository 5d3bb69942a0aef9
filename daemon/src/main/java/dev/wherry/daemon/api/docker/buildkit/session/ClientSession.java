package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.daemon.error.UnsupportedException;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The session of one client: the services that it offers as long as its connection lasts.
 *
 * @param id as the client named it
 * @param owner the caller who opened it, who alone may use it
 * @param directory what tells the client's directory from others of the same owner
 * @param methods that the client offers, in lower case
 */
public record ClientSession(
        String id, String owner, SessionDirectory directory, Set<String> methods, ManagedChannel channel) {

    /** Of a message that the client sends. */
    static final int LARGEST_MESSAGE = 1 << 20;

    private static final int SMALL_MESSAGE = 128 << 10;

    /** A piece of a blob: some clients send 1 MiB of it at once. */
    private static final int LARGE_MESSAGE = 2 << 20;

    private static final int LARGE_AHEAD = 4;

    /** Messages of one call that may wait. */
    private static final int AHEAD = 32;

    public ClientSession {
        methods = Set.copyOf(methods);
    }

    boolean offers(MethodDescriptor<?, ?> method) {
        return methods.contains("/" + method.getFullMethodName().toLowerCase(Locale.ROOT));
    }

    /** @throws UnsupportedException when the client does not offer the method */
    <I, O> SessionCall<I, O> open(MethodDescriptor<I, O> method, Metadata headers) {
        require(method);
        return SessionCall.start(channel.newCall(method, CallOptions.DEFAULT), headers, AHEAD);
    }

    /** As above, for a call whose messages are many and small. */
    <I, O> SessionCall<I, O> openSmall(MethodDescriptor<I, O> method, Metadata headers) {
        require(method);
        return SessionCall.start(
                channel.newCall(method, CallOptions.DEFAULT.withMaxInboundMessageSize(SMALL_MESSAGE)),
                headers,
                AHEAD * LARGEST_MESSAGE / SMALL_MESSAGE);
    }

    /** As above, for a call whose messages are few and large. */
    <I, O> SessionCall<I, O> openLarge(MethodDescriptor<I, O> method, Metadata headers) {
        require(method);
        return SessionCall.start(
                channel.newCall(method, CallOptions.DEFAULT.withMaxInboundMessageSize(LARGE_MESSAGE)),
                headers,
                LARGE_AHEAD);
    }

    /**
     * Asks the client one question.
     *
     * @throws dev.wherry.daemon.error.WherryException with the client's reason when it does not answer
     */
    <I, O> O ask(MethodDescriptor<I, O> method, I question) throws InterruptedException {
        require(method);
        try {
            return ClientCalls.futureUnaryCall(channel.newCall(method, CallOptions.DEFAULT), question)
                    .get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof StatusRuntimeException known) {
                throw SessionFailures.of(known.getStatus());
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    private void require(MethodDescriptor<?, ?> method) {
        if (!offers(method)) {
            throw new UnsupportedException(
                    "the client does not offer " + method.getFullMethodName() + " in its session");
        }
    }
}

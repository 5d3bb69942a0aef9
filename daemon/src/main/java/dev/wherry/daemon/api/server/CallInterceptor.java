package dev.wherry.daemon.api.server;

import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import dev.wherry.v1.SystemServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives every call its {@link CallConnection}. The server itself would take all that a client sends and send all that a service
 * answers, at whatever speed, and would ignore deadlines: here the transport's flow control is passed on to the code, and a
 * call ends at its deadline. Refuses calls that come while
 * the daemon ends, and those of clients that are too far from its version.
 */
@Singleton
@GlobalInterceptor
final class CallInterceptor implements ServerInterceptor {

    /** Answers everyone, so that people can see what does not fit. */
    private static final String VERSION = SystemServiceGrpc.getVersionMethod().getFullMethodName();

    /** W3C Trace Context. */
    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private final ClientConnections connections;
    private final CallRunner calls;
    private final Vertx vertx;

    CallInterceptor(ClientConnections connections, CallRunner calls, Vertx vertx) {
        this.connections = connections;
        this.calls = calls;
        this.vertx = vertx;
    }

    private Optional<? extends WherryException> refusal(ServerCall<?, ?> call, Metadata headers) {
        if (ServiceHealth.isAsked(call.getMethodDescriptor().getServiceName())) {
            return Optional.empty();
        }
        if (calls.isClosed()) {
            return Optional.of(new ShuttingDownException());
        }
        return call.getMethodDescriptor().getFullMethodName().equals(VERSION)
                ? Optional.empty()
                : ClientVersion.refusal(headers);
    }

    /** A call that is cancelled may be closed too. */
    private static void count(AtomicBoolean counted, String method, Status.Code code) {
        if (counted.compareAndSet(false, true)) {
            Metrics.count(Metric.CALLS, method, code.name());
        }
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        Optional<? extends WherryException> refusal = refusal(call, headers);
        if (refusal.isPresent()) {
            ErrorStatus.close(call, refusal.get());
            Metrics.count(Metric.CALLS, call.getMethodDescriptor().getFullMethodName(), "REFUSED");
            return new ServerCall.Listener<>() {};
        }
        String method = call.getMethodDescriptor().getFullMethodName();
        AtomicBoolean counted = new AtomicBoolean();
        boolean streamed = !call.getMethodDescriptor().getType().clientSendsOneMessage();
        CallConnection line =
                new CallConnection(call::isReady, call::request, headers.get(TRACE_PARENT));
        Runnable forget = connections.track(line);
        CallDeadline deadline = CallDeadline.begin(vertx, headers, line::interrupt);
        ServerCall<I, O> tracked = new SimpleForwardingServerCall<>(call) {
            @Override
            public void request(int messages) {
                if (streamed) {
                    line.allow(messages);
                } else {
                    super.request(messages);
                }
            }

            @Override
            public void close(Status status, Metadata trailers) {
                forget.run();
                deadline.end();
                boolean late = deadline.isOver() && status.getCode() == Status.Code.CANCELLED;
                Status told = late ? CallDeadline.OVER : status;
                count(counted, method, told.getCode());
                super.close(told, late ? new Metadata() : trailers);
            }
        };
        Context context = Context.current().withValue(CallConnection.KEY, line);
        return new SimpleForwardingServerCallListener<>(Contexts.interceptCall(context, tracked, headers, next)) {
            @Override
            public void onReady() {
                line.signalReady();
                super.onReady();
            }

            @Override
            public void onCancel() {
                forget.run();
                deadline.end();
                count(counted, method, Status.Code.CANCELLED);
                line.cancel();
                super.onCancel();
            }
        };
    }
}

package dev.wherry.daemon.api.server;

import com.google.protobuf.MessageLite;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import dev.wherry.v1.BuildServiceGrpc;
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
 * call ends at its deadline. Refuses calls that come while the daemon ends, those that the {@link Gate} refuses, and those
 * of clients that are too far from its version.
 */
@Singleton
@GlobalInterceptor
final class CallInterceptor implements ServerInterceptor {

    /** Answers everyone, so that people can see what does not fit. */
    private static final String VERSION = SystemServiceGrpc.getVersionMethod().getFullMethodName();

    /** May take up what was begun before the end of the daemon; refuses by itself to begin anything. */
    private static final String BUILD = BuildServiceGrpc.getBuildMethod().getFullMethodName();

    private static final String CRI = "runtime.v1.";

    /** In bytes, of clients other than a kubelet: what is larger goes in a stream. */
    private static final int LARGEST_MESSAGE = 256 << 10;

    private static final Status TOO_LARGE =
            Status.RESOURCE_EXHAUSTED.withDescription("a message of a client has at most 256 KiB");
    private static final String REFLECTION = "grpc.reflection.";

    /** W3C Trace Context. */
    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private final ClientConnections connections;
    private final CallRunner calls;
    private final Gate gate;
    private final CallLog log;
    private final Vertx vertx;

    CallInterceptor(ClientConnections connections, CallRunner calls, Gate gate, CallLog log, Vertx vertx) {
        this.log = log;
        this.connections = connections;
        this.calls = calls;
        this.gate = gate;
        this.vertx = vertx;
    }

    /** @throws WherryException when the call is refused */
    private Caller admit(Optional<Peer> peer, String method, boolean health, Metadata headers) {
        ClientConnections.refusal().ifPresent(reason -> {
            throw new UnavailableException(reason);
        });
        if (health) {
            return gate.admit(peer, method);
        }
        requireService(method);
        if (calls.isClosed() && !method.equals(BUILD)) {
            throw new ShuttingDownException();
        }
        Caller caller = gate.admit(peer, method);
        if (!method.equals(VERSION)) {
            ClientVersion.check(headers);
        }
        return caller;
    }

    /** A kubelet gets its services and no other; it alone gets them. */
    private static void requireService(String method) {
        boolean general = method.startsWith(REFLECTION);
        if (!general && method.startsWith(CRI) != ClientConnections.isCri()) {
            throw new UnsupportedException(
                    ClientConnections.isCri()
                            ? "this socket is for a kubelet: use wherryd.sock for " + method
                            : "the services of a kubelet are on a socket of their own: set \"cri: true\" in"
                                    + " wherryd.yaml, and use cri.sock");
        }
    }

    private static boolean isTooLarge(String method, Object message) {
        return !method.startsWith(CRI)
                && message instanceof MessageLite known
                && known.getSerializedSize() > LARGEST_MESSAGE;
    }

    /** The end of one call: one that is cancelled may be closed too. */
    private record End(AtomicBoolean reached, String method, Optional<CallLog.Entry> entry) {

        void reach(Status status) {
            if (reached.compareAndSet(false, true)) {
                Metrics.count(Metric.CALLS, method, status.getCode().name());
                entry.ifPresent(line -> line.end(status));
            }
        }
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Optional<Peer> peer = Peer.ofCall();
        Optional<CallLog.Entry> entry = log.open(peer, method);
        Caller caller;
        try {
            caller = admit(
                    peer,
                    method,
                    ServiceHealth.isAsked(call.getMethodDescriptor().getServiceName()),
                    headers);
        } catch (WherryException refusal) {
            Status status = ErrorStatus.close(call, refusal);
            Metrics.count(Metric.CALLS, method, "REFUSED");
            entry.ifPresent(line -> line.end(status));
            return new ServerCall.Listener<>() {};
        }
        End end = new End(new AtomicBoolean(), method, entry);
        boolean streamed = !call.getMethodDescriptor().getType().clientSendsOneMessage();
        var thread = vertx.getOrCreateContext();
        CallConnection line = new CallConnection(
                call::isReady,
                task -> thread.runOnContext(_ -> task.run()),
                call::request,
                caller,
                headers.get(TRACE_PARENT));
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
            public void sendMessage(O message) {
                super.sendMessage(message);
                line.sent(message instanceof MessageLite known ? known.getSerializedSize() : 0);
            }

            @Override
            public void close(Status status, Metadata trailers) {
                forget.run();
                deadline.end();
                boolean late = deadline.isOver() && status.getCode() == Status.Code.CANCELLED;
                Status told = late ? CallDeadline.OVER : status;
                end.reach(told);
                try {
                    super.close(told, late ? new Metadata() : trailers);
                } catch (IllegalStateException answered) {
                    // Bytes that are no message are answered below this handler, which then sees a call without one.
                }
            }
        };
        Context context = Context.current().withValue(CallConnection.KEY, line);
        return new SimpleForwardingServerCallListener<>(Contexts.interceptCall(context, tracked, headers, next)) {
            private Optional<CallLog.Entry> unnamed = entry;
            private boolean refused;

            @Override
            public void onMessage(I message) {
                if (refused) {
                    return;
                }
                if (isTooLarge(method, message)) {
                    refused = true;
                    tracked.close(TOO_LARGE, new Metadata());
                    line.cancel();
                    super.onCancel();
                    return;
                }
                unnamed.ifPresent(line -> line.request(message));
                unnamed = Optional.empty();
                super.onMessage(message);
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }

            @Override
            public void onReady() {
                line.signalReady();
                super.onReady();
            }

            @Override
            public void onCancel() {
                forget.run();
                deadline.end();
                end.reach(Status.CANCELLED);
                if (!refused) {
                    line.cancel();
                    super.onCancel();
                }
            }
        };
    }
}

package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.network.ContainerConnections;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.v1.PortForwardClosed;
import dev.wherry.v1.PortForwardReady;
import dev.wherry.v1.PortForwardRequest;
import dev.wherry.v1.PortForwardResponse;
import dev.wherry.v1.PortForwardTaken;
import dev.wherry.v1.PortForwardTarget;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Connections to ports of containers over the API: one call is one connection. HTTP/2 bounds what waits on a connection of
 * a client in all, so that a program that does not read would stop the other calls of that client. Therefore a client may
 * have as many requests under way as are taken from the connection in any case.
 */
@Singleton
final class ForwardCalls {

    private static final int CHUNK = 60 << 10;

    /** Of {@code SO_LINGER}: the kernel sends what is still to be sent, and closing does not wait for it. */
    private static final int IN_BACKGROUND = -1;

    private final CallRunner calls;
    private final ContainerConnections connections;

    ForwardCalls(CallRunner calls, ContainerConnections connections) {
        this.calls = calls;
        this.connections = connections;
    }

    Multi<PortForwardResponse> forward(Multi<PortForwardRequest> requests) {
        return calls.converse(Lasts.WATCH, requests, (in, out) -> {
            PortForwardTarget target = in.next()
                    .filter(PortForwardRequest::hasTarget)
                    .orElseThrow(() -> new InvalidInputException("a forwarded connection begins with its target"))
                    .getTarget();
            try (SocketChannel socket = connections.open(target.getContainer(), target.getPort())) {
                out.send(PortForwardResponse.newBuilder()
                        .setReady(PortForwardReady.newBuilder().setWindow(RequestQueue.AHEAD))
                        .build());
                pass(in, socket, out);
                socket.setOption(StandardSocketOptions.SO_LINGER, IN_BACKGROUND);
            }
        });
    }

    /** Passes both directions on, each to its end. If the client leaves, this thread is interrupted. */
    static void pass(RequestQueue<PortForwardRequest> in, SocketChannel socket, ResponseSender<PortForwardResponse> out)
            throws InterruptedException {
        AtomicReference<Exception> broken = new AtomicReference<>();
        Thread input = Background.start("forwarded-input", () -> takeInput(in, socket, out, broken));
        try {
            copyOutput(socket, out);
            input.join();
        } catch (IOException failure) {
            broken.compareAndSet(null, failure);
        } finally {
            input.interrupt();
        }
        switch (broken.get()) {
            case null -> {}
            case CancelledException left -> throw left;
            case Exception failure -> {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                throw new UnavailableException("the container ended the connection: " + failure.getMessage(), failure);
            }
        }
    }

    private static void copyOutput(SocketChannel socket, ResponseSender<PortForwardResponse> out)
            throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (socket.read(buffer.clear()) >= 0) {
            ByteString data = UnsafeByteOperations.unsafeWrap(Arrays.copyOf(buffer.array(), buffer.position()));
            out.send(PortForwardResponse.newBuilder().setData(data).build());
        }
        out.send(PortForwardResponse.newBuilder()
                .setClosed(PortForwardClosed.getDefaultInstance())
                .build());
    }

    /** Closes the socket if it cannot pass on what the client sends, which wakes its reader. */
    private static void takeInput(
            RequestQueue<PortForwardRequest> in,
            SocketChannel socket,
            ResponseSender<PortForwardResponse> out,
            AtomicReference<Exception> broken)
            throws IOException, InterruptedException {
        try {
            for (Optional<PortForwardRequest> next = in.next(); next.isPresent(); next = in.next()) {
                ByteBuffer data = next.get().getData().asReadOnlyByteBuffer();
                while (data.hasRemaining()) {
                    socket.write(data);
                }
                out.send(PortForwardResponse.newBuilder()
                        .setTaken(PortForwardTaken.getDefaultInstance())
                        .build());
            }
            socket.shutdownOutput();
        } catch (IOException | CancelledException failure) {
            broken.compareAndSet(null, failure);
            socket.close();
        }
    }
}

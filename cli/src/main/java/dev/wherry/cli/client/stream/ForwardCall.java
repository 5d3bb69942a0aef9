package dev.wherry.cli.client.stream;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.PortForwardRequest;
import dev.wherry.v1.PortForwardResponse;
import dev.wherry.v1.PortForwardTarget;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.Semaphore;

/** A local connection that is forwarded to a port of a container. */
public final class ForwardCall {
    private final DaemonChannel daemon;
    private final BlockingClientCall<PortForwardRequest, PortForwardResponse> call;
    private final Socket local;

    /** How many requests may still be sent before the container takes one. */
    private final Semaphore window = new Semaphore(0);

    private volatile boolean left;

    private ForwardCall(DaemonChannel daemon, Socket local) {
        this.daemon = daemon;
        this.local = local;
        this.call = daemon.containerStreams().portForward();
    }

    /**
     * Forwards a connection, closes it at its end, and returns then. A connection that cannot be forwarded to its end is
     * reset.
     *
     * @throws Failure if the container cannot be connected to, or ended the connection, or the daemon was lost
     */
    public static void run(DaemonChannel daemon, Socket local, String container, int port) {
        try (local) {
            // Until both sides have sent all they have, closing means a reset.
            local.setSoLinger(true, 0);
            new ForwardCall(daemon, local).forward(container, port);
        } catch (IOException gone) {
            // Whoever connected has left, and the container was told by the end of the call.
        }
    }

    private void forward(String container, int port) throws IOException {
        Thread sender = Thread.ofPlatform().daemon().name("forward").unstarted(this::sendInput);
        try {
            call.write(PortForwardRequest.newBuilder()
                    .setTarget(PortForwardTarget.newBuilder()
                            .setContainer(container)
                            .setPort(port))
                    .build());
            for (PortForwardResponse response = call.read(); response != null; response = call.read()) {
                switch (response.getResponseCase()) {
                    case READY -> {
                        window.release(response.getReady().getWindow());
                        // Reading a socket blocks its thread, and the thread must not keep the process alive.
                        sender.start();
                    }
                    case TAKEN -> window.release();
                    case DATA -> response.getData().writeTo(local.getOutputStream());
                    case CLOSED -> local.shutdownOutput();
                    case RESPONSE_NOT_SET -> {}
                }
            }
            local.setSoLinger(false, 0);
        } catch (StatusException | InterruptedException e) {
            if (!left) {
                throw CallFailures.of(e, daemon.address());
            }
        } finally {
            call.cancel("ended", null);
            sender.interrupt();
        }
    }

    private void sendInput() {
        byte[] chunk = new byte[DaemonChannel.CHUNK];
        try {
            InputStream in = local.getInputStream();
            window.acquire();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                ByteString data = ByteString.copyFrom(chunk, 0, n);
                if (!call.write(PortForwardRequest.newBuilder().setData(data).build())) {
                    return;
                }
                window.acquire();
            }
            call.halfClose();
        } catch (IOException reset) {
            left = true;
            call.cancel("the connection was reset", reset);
        } catch (StatusException | InterruptedException | IllegalStateException ended) {
            // The reader of the responses gets the same error and reports it.
        }
    }
}

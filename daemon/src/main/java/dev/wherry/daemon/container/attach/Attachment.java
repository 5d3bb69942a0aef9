package dev.wherry.daemon.container.attach;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.SeqPacketSocket;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.runtime.OutputSink;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A client joined to the streams of a container. Made before the container is started, it misses nothing. Input
 * given before the start waits for it. Any thread may use it; closing it leaves the container alone.
 *
 * <p>conmon's attach socket carries one message a chunk of output, marked by its first byte, and takes input as it
 * stands. The socket's calls block in the kernel, so they are made by threads of this attachment's own.
 */
public final class Attachment implements AutoCloseable {

    private static final byte STDOUT = 2;
    private static final byte STDERR = 3;
    private static final int LARGEST_OUTPUT = 64 << 10;
    private static final int LARGEST_INPUT = 8 << 10;

    private final boolean stdin;
    /** Empty when the container was removed, or this was closed, before it was started. */
    private final CompletableFuture<Optional<SeqPacketSocket>> socket = new CompletableFuture<>();

    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("attach-input").factory());

    public Attachment(boolean stdin) {
        this.stdin = stdin;
    }

    public void connect(Path path) {
        try {
            SeqPacketSocket connected = SeqPacketSocket.connect(path);
            if (!socket.complete(Optional.of(connected))) {
                connected.close();
            }
        } catch (SystemCallException alreadyEnded) {
            cancel();
        }
    }

    /** There will be no streams. */
    public void cancel() {
        socket.complete(Optional.empty());
    }

    /**
     * Passes on what the container writes until its streams end or this is closed.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void copyTo(OutputSink sink) throws InterruptedException {
        Optional<SeqPacketSocket> connected = connected();
        if (connected.isEmpty()) {
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("attach-output").start(() -> {
            try {
                copy(connected.get(), sink);
                done.complete(null);
            } catch (Exception | Error failure) {
                done.completeExceptionally(failure);
            }
        });
        await(done);
    }

    private static void copy(SeqPacketSocket from, OutputSink to) throws SystemCallException {
        byte[] message = new byte[LARGEST_OUTPUT];
        for (int length = from.receive(message); length >= 0; length = from.receive(message)) {
            byte[] chunk = Arrays.copyOfRange(message, 1, Math.max(length, 1));
            switch (message[0]) {
                case STDOUT -> to.stdout(chunk);
                case STDERR -> to.stderr(chunk);
                default -> {}
            }
        }
    }

    /** Writes to the container's standard input, when it was asked for; blocks until it is taken. */
    public void write(byte[] input) throws InterruptedException {
        if (!stdin) {
            return;
        }
        for (int start = 0; start < input.length; start += LARGEST_INPUT) {
            byte[] chunk = Arrays.copyOfRange(input, start, Math.min(input.length, start + LARGEST_INPUT));
            withSocket(to -> to.send(chunk, chunk.length));
        }
    }

    /** Ends the container's standard input, unless that is kept open for others. */
    public void closeInput() throws InterruptedException {
        if (stdin) {
            withSocket(SeqPacketSocket::shutdownOutput);
        }
    }

    /** Whether this was closed, while the streams may go on. */
    public boolean isClosed() {
        return writer.isShutdown();
    }

    @Override
    public void close() {
        cancel();
        writer.shutdownNow();
        socket.join().ifPresent(SeqPacketSocket::close);
    }

    private interface Output {
        void to(SeqPacketSocket socket) throws SystemCallException;
    }

    private void withSocket(Output output) throws InterruptedException {
        Optional<SeqPacketSocket> connected = connected();
        if (connected.isPresent() && !writer.isShutdown()) {
            await(writer.submit(() -> {
                try {
                    output.to(connected.get());
                } catch (SystemCallException containerEnded) {
                    // Input for a container that has ended goes nowhere.
                }
            }));
        }
    }

    private Optional<SeqPacketSocket> connected() throws InterruptedException {
        try {
            return socket.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void await(Future<?> done) throws InterruptedException {
        try {
            done.get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new HostException("attach failed: " + failure.getCause().getMessage(), failure.getCause());
        }
    }
}

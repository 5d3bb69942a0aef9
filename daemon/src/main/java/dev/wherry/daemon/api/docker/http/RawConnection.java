package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.linux.OtherEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection that has been taken over from HTTP: bytes in both directions, each of which ends by itself. The end of what
 * the client sends is the end of {@link #input}; {@link #close} ends both. The event loop has nothing to do with it any
 * more: its channel for unix sockets would close a connection with one direction, and a thread that blocks is all it
 * takes.
 */
public final class RawConnection implements AutoCloseable {

    /** What HTTP has put into the connection's pipeline, as Vert.x names it; the decoder last, since it may hold bytes. */
    private static final List<String> HTTP =
            List.of("httpEncoder", "webSocketExtensionHandler", "handler", "httpDecoder");

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final Duration LOOK_FOR_CLIENT = Duration.ofSeconds(1);

    private final Channel connection;
    private final SocketChannel socket;
    private final InputStream input;
    private final OutputStream output = new Output();

    private RawConnection(Channel connection, SocketChannel socket, byte[] received) {
        this.connection = connection;
        this.socket = socket;
        this.input = received.length == 0
                ? new Input()
                : new SequenceInputStream(new ByteArrayInputStream(received), new Input());
    }

    /**
     * Takes a connection over after its request has been read to the end.
     *
     * @param head the first bytes of the answer
     */
    static RawConnection take(Channel connection, byte[] head) throws InterruptedException {
        if (!(connection instanceof AbstractNioChannel nio)
                || !(((AbstractNioChannel.NioUnsafe) nio.unsafe()).ch() instanceof SocketChannel socket)) {
            throw new UnsupportedException("this connection cannot be taken over");
        }
        Leftover leftover = new Leftover();
        try {
            connection.eventLoop().submit(() -> leave(connection, leftover)).get();
            // The selector forgets the socket when it selects the next time.
            while (socket.isRegistered()) {
                connection.eventLoop().submit(() -> {}).get();
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
            socket.configureBlocking(true);
            RawConnection raw = new RawConnection(connection, socket, leftover.bytes.toByteArray());
            raw.output.write(head);
            return raw;
        } catch (ExecutionException | IOException gone) {
            connection.close();
            throw new CancelledException("the client went away");
        }
    }

    private static void leave(Channel connection, Leftover leftover) {
        connection.config().setAutoRead(false);
        ChannelPipeline pipeline = connection.pipeline();
        pipeline.addLast(leftover);
        HTTP.stream().filter(name -> pipeline.get(name) != null).forEach(pipeline::remove);
        connection.deregister();
    }

    /**
     * Waits until the client is gone. Of one that has ended its side alone nothing else tells, as long as nothing is
     * written to it.
     */
    public void awaitGone() throws InterruptedException {
        while (!OtherEnd.isGone(socket)) {
            Thread.sleep(LOOK_FOR_CLIENT);
        }
    }

    /** Reads end when the client sends no more, or is gone. */
    public InputStream input() {
        return input;
    }

    /** Writes fail with {@link CancelledException} when the client is gone. */
    public OutputStream output() {
        return output;
    }

    @Override
    public void close() {
        // The channel closes the socket, and whoever keeps a list of channels learns of it.
        connection.close();
    }

    /** Bytes that came with the request. */
    private static final class Leftover extends ChannelInboundHandlerAdapter {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof ByteBuf data) {
                    bytes.writeBytes(ByteBufUtil.getBytes(data));
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : socket.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            try {
                while (buffer.hasRemaining()) {
                    socket.write(buffer);
                }
            } catch (IOException gone) {
                throw new CancelledException("the client went away");
            }
        }
    }
}

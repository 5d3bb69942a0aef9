package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.error.Failure;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Function;

/**
 * A call that sends a stream and is answered once.
 *
 * @param first says what the stream is
 * @param piece makes a request of some bytes of the stream
 */
public record Upload<I, O>(BlockingClientCall<I, O> call, I first, Function<ByteString, I> piece) {
    /** Writes the stream. */
    @FunctionalInterface
    public interface Sender {
        void on(OutputStream stream) throws IOException;
    }

    /**
     * How the call ended.
     *
     * @param bytes length of the stream, as far as it was sent
     */
    public record Answer<O>(O response, long bytes) {}

    /**
     * Sends the stream as fast as the daemon takes it.
     *
     * @param what names the call in a message
     * @throws IOException when the sender fails
     * @throws Failure when the daemon refuses the stream
     */
    Answer<O> run(String what, HostAddress address, Sender sender) throws IOException {
        try {
            Stream stream = new Stream();
            try {
                if (call.write(first)) {
                    sender.on(stream);
                    stream.flush();
                    call.halfClose();
                }
            } catch (EndedException daemonKnowsWhy) {
                // Read below.
            }
            O response = call.read();
            if (response == null) {
                throw new Failure("wherryd ended the " + what + " without a result");
            }
            return new Answer<>(response, stream.count);
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, address);
        } finally {
            call.cancel("ended", null);
        }
    }

    /** The daemon takes no more. */
    private static final class EndedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private final class Stream extends OutputStream {
        private final byte[] chunk = new byte[DaemonChannel.CHUNK];
        private int length;
        private long count;

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int size) throws IOException {
            for (int done = 0; done < size; ) {
                int part = Math.min(size - done, DaemonChannel.CHUNK - length);
                System.arraycopy(bytes, offset + done, chunk, length, part);
                length += part;
                done += part;
                if (length == DaemonChannel.CHUNK) {
                    send();
                }
            }
        }

        @Override
        public void flush() throws IOException {
            if (length > 0) {
                send();
            }
        }

        private void send() throws IOException {
            try {
                ByteString data = ByteString.copyFrom(chunk, 0, length);
                count += length;
                length = 0;
                if (!call.write(piece.apply(data))) {
                    throw new EndedException();
                }
            } catch (StatusException | InterruptedException | IllegalStateException e) {
                throw new EndedException();
            }
        }
    }
}

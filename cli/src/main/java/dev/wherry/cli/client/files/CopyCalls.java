package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CopyFromRequest;
import dev.wherry.v1.CopyFromResponse;
import dev.wherry.v1.CopyToRequest;
import dev.wherry.v1.CopyToResponse;
import dev.wherry.v1.CopyToTarget;
import dev.wherry.v1.PathStat;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The calls that copy files into and out of containers. */
public final class CopyCalls {
    /** Far below the 128 KiB from which a native executable maps memory for each array by itself. */
    private static final int CHUNK = 32 << 10;

    private final DaemonChannel daemon;

    public CopyCalls(DaemonChannel daemon) {
        this.daemon = daemon;
    }

    /** Consumes or produces a stream. */
    @FunctionalInterface
    public interface Streaming<S> {
        void on(S stream) throws IOException;
    }

    /** Consumes the stream of a file or directory. */
    @FunctionalInterface
    public interface Receiving {
        void on(PathStat stat, InputStream stream) throws IOException;
    }

    /** The status of a path in a container; empty if the path does not exist. */
    public Optional<PathStat> stat(String container, String path) {
        BlockingClientCall<?, CopyFromResponse> call = daemon.containerStreams()
                .copyFrom(CopyFromRequest.newBuilder()
                        .setContainer(container)
                        .setPath(path)
                        .setStatOnly(true)
                        .build());
        try {
            CopyFromResponse response = call.read();
            return response == null ? Optional.empty() : Optional.of(response.getStat());
        } catch (StatusException | InterruptedException e) {
            if (CallFailures.isNotFound(e)) {
                return Optional.empty();
            }
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
        }
    }

    /**
     * Receives the files at a path as a tar stream.
     *
     * @return bytes of the stream
     */
    public long from(String container, String path, Receiving receiver) throws IOException {
        BlockingClientCall<?, CopyFromResponse> call = daemon.containerStreams()
                .copyFrom(CopyFromRequest.newBuilder()
                        .setContainer(container)
                        .setPath(path)
                        .build());
        try {
            CopyFromResponse first = call.read();
            if (first == null || !first.hasStat()) {
                throw new Failure("wherryd sent no status of " + container + ":" + path);
            }
            Received stream = new Received(call, daemon.address());
            receiver.on(first.getStat(), stream);
            stream.transferTo(OutputStream.nullOutputStream());
            return stream.count;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
        }
    }

    /**
     * Sends a tar stream as fast as the daemon takes it.
     *
     * @return bytes of the stream
     */
    public long to(CopyToTarget target, Streaming<OutputStream> sender) throws IOException {
        BlockingClientCall<CopyToRequest, CopyToResponse> call =
                daemon.containerStreams().copyTo();
        try {
            call.write(CopyToRequest.newBuilder().setTarget(target).build());
            Sent stream = new Sent(call);
            try {
                sender.on(stream);
                stream.send();
                call.halfClose();
            } catch (EndedException daemonKnowsWhy) {
                // Read below.
            }
            if (call.read() == null) {
                throw new Failure("wherryd ended the copy without a result");
            }
            return stream.count;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, daemon.address());
        } finally {
            call.cancel("ended", null);
        }
    }

    /** The daemon takes no more. */
    private static final class EndedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final class Received extends InputStream {
        private final BlockingClientCall<?, CopyFromResponse> call;
        private final HostAddress address;
        private ByteString piece = ByteString.EMPTY;
        private int at;
        private long count;

        Received(BlockingClientCall<?, CopyFromResponse> call, HostAddress address) {
            this.call = call;
            this.address = address;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            try {
                while (at == piece.size()) {
                    CopyFromResponse response = call.read();
                    if (response == null) {
                        return -1;
                    }
                    piece = response.getData();
                    at = 0;
                }
            } catch (StatusException | InterruptedException e) {
                throw CallFailures.of(e, address);
            }
            int part = Math.min(length, piece.size() - at);
            piece.copyTo(bytes, at, offset, part);
            at += part;
            count += part;
            return part;
        }
    }

    private static final class Sent extends OutputStream {
        private final BlockingClientCall<CopyToRequest, CopyToResponse> call;
        private final byte[] chunk = new byte[CHUNK];
        private int length;
        private long count;

        Sent(BlockingClientCall<CopyToRequest, CopyToResponse> call) {
            this.call = call;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int size) throws IOException {
            for (int done = 0; done < size; ) {
                int part = Math.min(size - done, CHUNK - length);
                System.arraycopy(bytes, offset + done, chunk, length, part);
                length += part;
                done += part;
                if (length == CHUNK) {
                    send();
                }
            }
        }

        void send() throws IOException {
            try {
                ByteString data = ByteString.copyFrom(chunk, 0, length);
                count += length;
                length = 0;
                if (!call.write(CopyToRequest.newBuilder().setData(data).build())) {
                    throw new EndedException();
                }
            } catch (StatusException | InterruptedException | IllegalStateException e) {
                throw new EndedException();
            }
        }
    }
}

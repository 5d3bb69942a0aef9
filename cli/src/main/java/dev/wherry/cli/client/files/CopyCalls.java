package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CopyFromResponse;
import dev.wherry.v1.PathStat;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The calls that copy files into and out of containers or volumes. */
public final class CopyCalls {
    private final DaemonChannel daemon;
    private final Copied copied;

    private CopyCalls(DaemonChannel daemon, Copied copied) {
        this.daemon = daemon;
        this.copied = copied;
    }

    public static CopyCalls ofContainers(DaemonChannel daemon) {
        return new CopyCalls(daemon, new Copied.OfContainer(daemon));
    }

    public static CopyCalls ofVolumes(DaemonChannel daemon) {
        return new CopyCalls(daemon, new Copied.OfVolume(daemon, false));
    }

    /** As above; what is sent is taken into the root of the volume, which is made if there is none. */
    public static CopyCalls importingIntoVolumes(DaemonChannel daemon) {
        return new CopyCalls(daemon, new Copied.OfVolume(daemon, true));
    }

    /** Consumes the stream of a file or directory. */
    @FunctionalInterface
    public interface Receiving {
        void on(PathStat stat, InputStream stream) throws IOException;
    }

    /** The status of a path in a container or volume; empty if the path does not exist. */
    public Optional<PathStat> stat(String name, String path) {
        BlockingClientCall<?, CopyFromResponse> call = copied.from(name, path, true);
        try {
            CopyFromResponse response = call.read();
            return response == null ? Optional.empty() : Optional.of(response.getStat());
        } catch (StatusException | InterruptedException e) {
            if (CallFailures.isNotFound(e, "file")) {
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
    public long from(String name, String path, Receiving receiver) throws IOException {
        BlockingClientCall<?, CopyFromResponse> call = copied.from(name, path, false);
        try {
            CopyFromResponse first = call.read();
            if (first == null || !first.hasStat()) {
                throw new Failure("wherryd sent no status of " + name + ":" + path);
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
     * @param path a folder
     * @param toUser give all to the user of the container, where it has one
     * @return bytes of the stream
     */
    public long to(String name, String path, boolean toUser, Upload.Sender sender) throws IOException {
        return copied.to(name, path, toUser)
                .run("copy", daemon.address(), sender)
                .bytes();
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
}

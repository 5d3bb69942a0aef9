package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.buildkit.filesync.FileSendGrpc;
import dev.wherry.buildkit.fsutil.Packet;
import dev.wherry.buildkit.fsutil.Stat;
import dev.wherry.daemon.api.docker.http.GoFileMode;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files for a directory of the client, by fsutil's packets: first the descriptions of all of them, then the contents of those
 * that the client asks for, in the same order.
 */
final class FileSending implements AutoCloseable {

    /** The method of other outputs, with other messages. */
    static final MethodDescriptor<Packet, Packet> METHOD = MethodDescriptor.<Packet, Packet>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(FileSendGrpc.getDiffCopyMethod().getFullMethodName())
            .setRequestMarshaller(ProtoUtils.marshaller(Packet.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Packet.getDefaultInstance()))
            .build();

    private static final int CHUNK = 32 << 10;
    private static final long NANOS = 1_000_000_000L;

    /** A client that asks for later files, and not for one before, does not want that one. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SessionCall<Packet, Packet> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BitSet wanted = new BitSet();
    private volatile int described;
    private boolean ended;
    private Optional<RuntimeException> failure = Optional.empty();

    FileSending(SessionCall<Packet, Packet> call) {
        this.call = call;
    }

    private static byte[] path(byte[] name) {
        int from = name.length > 1 && name[0] == '.' && name[1] == '/' ? 2 : 0;
        int to = name.length;
        while (to > from && name[to - 1] == '/') {
            to--;
        }
        return Arrays.copyOfRange(name, from, to);
    }

    private static Stat stat(TarEntry entry) {
        int kind = switch (entry.type()) {
            case FILE, HARD_LINK -> FileStatus.REGULAR;
            case DIRECTORY -> FileStatus.DIRECTORY;
            case SYMLINK -> FileStatus.SYMLINK;
            case CHARACTER -> FileStatus.CHARACTER;
            case BLOCK -> FileStatus.BLOCK;
            case FIFO -> FileStatus.FIFO;
        };
        byte[] link = entry.type() == TarEntry.Type.HARD_LINK ? path(entry.linkName()) : entry.linkName();
        return Stat.newBuilder()
                .setPathBytes(UnsafeByteOperations.unsafeWrap(path(entry.name())))
                .setMode((int) GoFileMode.of(kind | entry.permissions()))
                .setUid(entry.uid())
                .setGid(entry.gid())
                .setSize(entry.type() == TarEntry.Type.FILE ? entry.size() : 0)
                .setModTime(entry.modified() * NANOS + entry.modifiedNanos())
                .setLinknameBytes(ByteString.copyFrom(link))
                .setDevmajor(entry.major())
                .setDevminor(entry.minor())
                .build();
    }

    private void send(Packet.Builder packet) {
        SessionOutputs.talk(() -> call.send(packet.build()));
    }

    /** Takes all files the first time, for their descriptions. */
    EntrySink descriptions() {
        Background.start("files-wanted", this::hear);
        return new EntrySink() {
            @Override
            public void begin(TarEntry entry) {
                described = described + 1;
                send(Packet.newBuilder().setType(Packet.PacketType.PACKET_STAT).setStat(stat(entry)));
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {}

            @Override
            public void end() {}

            @Override
            public void finish() {
                send(Packet.newBuilder().setType(Packet.PacketType.PACKET_STAT));
            }
        };
    }

    /** Takes all files the second time, for their contents. */
    EntrySink contents() {
        return new Contents();
    }

    private void hear() throws InterruptedException {
        try {
            for (Optional<Packet> packet = call.next(); packet.isPresent(); packet = call.next()) {
                switch (packet.get().getType()) {
                    case PACKET_REQ -> want(packet.get().getID());
                    case PACKET_FIN -> {
                        return;
                    }
                    case PACKET_ERR ->
                        throw new InvalidInputException("the client cannot write the output: "
                                + packet.get().getData().toStringUtf8());
                    default ->
                        throw new InvalidInputException("the client sent something else instead of what it wants");
                }
            }
        } catch (WherryException reason) {
            lock.lock();
            try {
                failure = Optional.of(reason);
            } finally {
                lock.unlock();
            }
        } finally {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void want(int place) {
        lock.lock();
        try {
            if (place < 0 || place >= described) {
                throw new InvalidInputException("the client wants a file that was not offered");
            }
            wanted.set(place);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the client's word on a file. */
    private boolean isWanted(int place) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = PATIENCE_NANOS;
            while (!wanted.get(place) && !ended && left > 0) {
                if (wanted.length() > place) {
                    left = changed.awaitNanos(left);
                } else {
                    changed.await();
                }
            }
            failure.ifPresent(reason -> {
                throw reason;
            });
            return wanted.get(place);
        } finally {
            lock.unlock();
        }
    }

    private void awaitEnd() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ended) {
                changed.await();
            }
            failure.ifPresent(reason -> {
                throw reason;
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        call.close();
    }

    private final class Contents implements EntrySink {

        private static final byte[] ZEROS = new byte[CHUNK];

        private int next;
        private int place;
        private boolean sending;
        private TarEntry entry;
        private long position;
        private int extent;

        @Override
        public void begin(TarEntry begun) {
            place = next++;
            entry = begun;
            position = 0;
            extent = 0;
            sending = false;
            if (begun.type() == TarEntry.Type.FILE) {
                SessionOutputs.talk(() -> sending = isWanted(place));
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (!sending) {
                return;
            }
            if (entry.extents().isEmpty()) {
                data(bytes, offset, length);
                return;
            }
            int at = offset;
            while (at < offset + length) {
                TarEntry.Extent part = entry.extents().get(extent);
                holes(part.offset());
                int count = (int) Math.min(offset + length - at, part.offset() + part.length() - position);
                data(bytes, at, count);
                at += count;
                if (position == part.offset() + part.length()) {
                    extent++;
                }
            }
        }

        private void holes(long until) {
            while (position < until) {
                data(ZEROS, 0, (int) Math.min(ZEROS.length, until - position));
            }
        }

        private void data(byte[] bytes, int offset, int length) {
            for (int at = offset; at < offset + length; at += CHUNK) {
                int count = Math.min(CHUNK, offset + length - at);
                send(Packet.newBuilder()
                        .setType(Packet.PacketType.PACKET_DATA)
                        .setID(place)
                        .setData(ByteString.copyFrom(bytes, at, count)));
                position += count;
            }
        }

        @Override
        public void end() {
            if (sending) {
                holes(entry.size());
                send(Packet.newBuilder().setType(Packet.PacketType.PACKET_DATA).setID(place));
            }
        }

        /** The client says that it has everything, and is told the same. */
        @Override
        public void finish() {
            SessionOutputs.talk(FileSending.this::awaitEnd);
            try {
                send(Packet.newBuilder().setType(Packet.PacketType.PACKET_FIN));
                call.finish();
            } catch (CancelledException ended) {
                // The client said so first.
            }
        }
    }
}

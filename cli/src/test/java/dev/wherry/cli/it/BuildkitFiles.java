package dev.wherry.cli.it;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.filesync.BytesMessage;
import dev.wherry.buildkit.filesync.FileSendGrpc;
import dev.wherry.buildkit.filesync.FileSyncGrpc;
import dev.wherry.buildkit.fsutil.Packet;
import dev.wherry.buildkit.fsutil.Stat;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The files of a client of BuildKit, in memory: told and sent by fsutil's packets, whatever they say. */
final class BuildkitFiles extends FileSyncGrpc.FileSyncImplBase implements ServerInterceptor {

    private static final Metadata.Key<String> DIRECTORY = Metadata.Key.of("dir-name", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> FOLLOW = Metadata.Key.of("followpaths", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PLACE =
            Metadata.Key.of("buildkit-attachable-exporter-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Metadata> HEADERS = Context.key("headers");

    private static final int FILE = 0644;

    /** As Go has it. */
    private static final int FOLDER = 1 << 31 | 0755;

    private static final long MODIFIED = 1_700_000_000_000_000_000L;

    /** What a client says of a file, and what it sends when it is asked for it. */
    record Entry(Stat stat, byte[] content) {}

    private final Map<String, Entry> entries = new TreeMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<Integer, ByteArrayOutputStream> streams = new ConcurrentHashMap<>();

    private long modified = MODIFIED;

    /** Has a file from now on, changed now. */
    BuildkitFiles with(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return with(
                Stat.newBuilder()
                        .setPath(path)
                        .setMode(FILE)
                        .setSize(bytes.length)
                        .setModTime(modified++)
                        .build(),
                bytes);
    }

    BuildkitFiles withFolder(String path) {
        return with(
                Stat.newBuilder()
                        .setPath(path)
                        .setMode(FOLDER)
                        .setModTime(MODIFIED)
                        .build(),
                new byte[0]);
    }

    BuildkitFiles with(Stat stat, byte[] content) {
        entries.put(stat.getPath(), new Entry(stat, content));
        return this;
    }

    /** The files whose contents were asked for, but for the Dockerfile and what is ignored. */
    List<String> asked() {
        return asked;
    }

    /** What came as one of the outputs. */
    byte[] output(int place) {
        return streams.get(place).toByteArray();
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        return Contexts.interceptCall(Context.current().withValue(HEADERS, headers), call, headers, next);
    }

    @Override
    public StreamObserver<Packet> diffCopy(StreamObserver<Packet> out) {
        Metadata headers = HEADERS.get();
        List<String> followed = new ArrayList<>();
        Iterable<String> paths = headers.getAll(FOLLOW);
        if (paths != null) {
            paths.forEach(followed::add);
        }
        List<Entry> told = entries.values().stream()
                .filter(entry ->
                        followed.isEmpty() || followed.contains(entry.stat().getPath()))
                .toList();
        if (!List.of("context", "dockerfile").contains(headers.get(DIRECTORY))) {
            throw new AssertionError("no directory " + headers.get(DIRECTORY));
        }
        told.forEach(entry -> out.onNext(Packet.newBuilder()
                .setType(Packet.PacketType.PACKET_STAT)
                .setStat(entry.stat())
                .build()));
        out.onNext(Packet.newBuilder().setType(Packet.PacketType.PACKET_STAT).build());
        return new StreamObserver<>() {
            @Override
            public void onNext(Packet packet) {
                switch (packet.getType()) {
                    case PACKET_REQ -> send(told.get(packet.getID()), packet.getID());
                    case PACKET_FIN -> {
                        out.onNext(packet);
                        out.onCompleted();
                    }
                    default -> throw new AssertionError(packet.getType());
                }
            }

            private void send(Entry entry, int id) {
                if (followed.isEmpty()) {
                    asked.add(entry.stat().getPath());
                }
                Packet.Builder data = Packet.newBuilder()
                        .setType(Packet.PacketType.PACKET_DATA)
                        .setID(id);
                if (entry.content().length > 0) {
                    out.onNext(
                            data.setData(ByteString.copyFrom(entry.content())).build());
                }
                out.onNext(data.clearData().build());
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
    }

    /** Where outputs go. */
    FileSendGrpc.FileSendImplBase outputs() {
        return new FileSendGrpc.FileSendImplBase() {
            @Override
            public StreamObserver<BytesMessage> diffCopy(StreamObserver<BytesMessage> out) {
                ByteArrayOutputStream stream = new ByteArrayOutputStream();
                streams.put(Integer.valueOf(HEADERS.get().get(PLACE)), stream);
                return new StreamObserver<>() {
                    @Override
                    public void onNext(BytesMessage message) {
                        stream.writeBytes(message.getData().toByteArray());
                    }

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onCompleted() {
                        out.onCompleted();
                    }
                };
            }
        };
    }
}

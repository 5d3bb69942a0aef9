package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.filesync.BytesMessage;
import dev.wherry.buildkit.filesync.FileSendGrpc;
import dev.wherry.daemon.builder.export.OutputReceiver;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import io.grpc.Metadata;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends the outputs of a build to its client, over the session. The client knows them by their places among its exporters. */
public final class SessionOutputs implements OutputReceiver, AutoCloseable {

    private static final Metadata.Key<String> PLACE =
            Metadata.Key.of("buildkit-attachable-exporter-id", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> FOLDERS =
            Metadata.Key.of("buildkit-exporter-multi-platform", Metadata.ASCII_STRING_MARSHALLER);

    private static final int CHUNK = 32 << 10;

    private final ClientSession session;
    private final List<String> caches;
    private final Map<Integer, FileSending> folders = new HashMap<>();
    private Optional<Descriptor> cache = Optional.empty();

    /** @param caches the folders of those that are written into one, by their places */
    public SessionOutputs(ClientSession session, List<String> caches) {
        this.session = session;
        this.caches = caches;
    }

    /** The manifest of a cache that was written into a folder of the client, who puts it into the index there. */
    public Optional<Descriptor> cache() {
        return cache;
    }

    private static Metadata headers(int output) {
        Metadata headers = new Metadata();
        headers.put(PLACE, Integer.toString(output));
        headers.put(FOLDERS, "1");
        return headers;
    }

    @Override
    public OutputStream stream(int output) {
        return new Stream(session.open(FileSendGrpc.getDiffCopyMethod(), headers(output)));
    }

    @Override
    public Optional<EntrySink> manifest(int output) {
        FileSending sending = new FileSending(session.open(FileSending.METHOD, headers(output)));
        folders.put(output, sending);
        return Optional.of(sending.descriptions());
    }

    @Override
    public EntrySink files(int output) {
        if (output < 0) {
            return new StoreWriting(
                    SessionStore.ofCaches(session, caches.get(-1 - output)), manifest -> cache = Optional.of(manifest));
        }
        return folders.get(output).contents();
    }

    @Override
    public void close() {
        folders.values().forEach(FileSending::close);
    }

    private static final class Stream extends SentPieces {

        private final SessionCall<BytesMessage, BytesMessage> call;
        private boolean closed;

        Stream(SessionCall<BytesMessage, BytesMessage> call) {
            super(CHUNK);
            this.call = call;
        }

        @Override
        void send(ByteString piece) throws InterruptedException {
            call.send(BytesMessage.newBuilder().setData(piece).build());
        }

        /** The output is complete when the client has taken all of it. */
        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            super.close();
            call.finish();
            talk(() -> {
                while (call.next().isPresent()) {
                    // A client says nothing; its end is its word.
                }
            });
        }
    }

    /** Words with the client that end with the build. */
    interface Talk {
        void talk() throws InterruptedException;
    }

    static void talk(Talk words) {
        try {
            words.talk();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }
}

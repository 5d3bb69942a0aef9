package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.content.WriteAction;
import dev.wherry.buildkit.content.WriteContentRequest;
import dev.wherry.buildkit.content.WriteContentResponse;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes the files of an image layout into one of the client, which takes blobs. The index is the client's own: it is told
 * the manifest that belongs into it.
 */
final class StoreWriting implements EntrySink {

    private static final int PIECE = 256 << 10;

    private final SessionStore store;
    private final Consumer<Descriptor> manifest;
    private final ByteArrayOutputStream index = new ByteArrayOutputStream();
    private Optional<Blob> blob = Optional.empty();
    private boolean isIndex;

    /** A blob on its way. */
    private final class Blob extends SentPieces {

        private final SessionCall<WriteContentRequest, WriteContentResponse> call = store.write();
        private final Digest digest;
        private final long size;
        private long offset;

        Blob(Digest digest, long size) {
            super(PIECE);
            this.digest = digest;
            this.size = size;
        }

        /** Sends something and waits until the client has it. */
        private void say(WriteContentRequest.Builder request) throws InterruptedException {
            call.send(request.setRef("wherry-" + digest)
                    .setTotal(size)
                    .setExpected(digest.toString())
                    .setOffset(offset)
                    .build());
            call.next().orElseThrow(() -> new InvalidInputException("the client did not take the blob " + digest));
        }

        @Override
        void send(ByteString piece) throws InterruptedException {
            say(WriteContentRequest.newBuilder().setAction(WriteAction.WRITE).setData(piece));
            offset += piece.size();
        }

        /** The blob is complete. */
        @Override
        public void close() {
            super.close();
            SessionOutputs.talk(() -> say(WriteContentRequest.newBuilder().setAction(WriteAction.COMMIT)));
            call.finish();
            call.close();
        }
    }

    /** @param manifest told which blob the index is to name */
    StoreWriting(SessionStore store, Consumer<Descriptor> manifest) {
        this.store = store;
        this.manifest = manifest;
    }

    @Override
    public void begin(TarEntry entry) {
        Path path = Path.of(new String(entry.name(), StandardCharsets.UTF_8));
        isIndex = path.endsWith(ImageLayout.INDEX);
        blob = Optional.empty();
        if (entry.type() == TarEntry.Type.FILE && path.getNameCount() == 3) {
            SessionOutputs.talk(() -> {
                Digest digest = SessionLayout.blob(path);
                if (store.find(digest).isEmpty()) {
                    blob = Optional.of(new Blob(digest, entry.size()));
                }
            });
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (isIndex) {
            index.write(bytes, offset, length);
        }
        blob.ifPresent(sending -> sending.write(bytes, offset, length));
    }

    @Override
    public void end() {
        blob.ifPresent(Blob::close);
    }

    @Override
    public void finish() {
        CanonicalJson.read(index.toByteArray(), ImageIndex.class, "the index of a cache").entries().stream()
                .findFirst()
                .map(entry -> new Descriptor(entry.mediaType(), entry.digest(), entry.size()))
                .ifPresent(manifest);
    }
}

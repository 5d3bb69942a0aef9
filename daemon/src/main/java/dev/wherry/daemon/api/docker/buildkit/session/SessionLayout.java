package dev.wherry.daemon.api.docker.buildkit.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.builder.ContextClient;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.context.SyncedFile;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.linux.FileStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One image, or a cache, in a directory of the client in the OCI image layout. The client gives blobs alone: which there are
 * is read from the manifests, and the files beside them, which say the same of every layout, are made here.
 */
public final class SessionLayout implements ContextClient {

    private static final int FILE = FileStatus.REGULAR | 0644;
    private static final int FOLDER = FileStatus.DIRECTORY | 0755;
    private static final int MOST_BLOBS = 10_000;
    private static final int DEPTH = 3;
    private static final byte[] NO_LINK = {};
    private static final byte[] MARK = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

    private final SessionStore store;
    private final Digest root;
    private final String owner = Caller.current().name();
    private final long mostBytes = Caller.current().quota().mostContexts();
    private final Map<String, byte[]> made = new HashMap<>();

    /** @param root the manifest or index that is meant */
    public SessionLayout(SessionStore store, Digest root) {
        store.require();
        this.store = store;
        this.root = root;
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public long mostBytes() {
        return mostBytes;
    }

    @Override
    public SyncedContexts.Overview overview(SyncedContexts.Question question, Consumer<SyncedFile> files)
            throws InterruptedException {
        byte[] document = document(root);
        JsonNode json = json(document);
        String type = json.path("mediaType").asText(json.has("manifests") ? MediaTypes.INDEX : MediaTypes.MANIFEST);
        made.put(
                ImageLayout.INDEX,
                CanonicalJson.write(new ImageIndex(
                        2, MediaTypes.INDEX, List.of(new ImageIndex.Entry(type, root, document.length, null, null)))));
        made.put(ImageLayout.MARK, MARK);
        Map<Digest, Long> blobs = new LinkedHashMap<>();
        blobs.put(root, (long) document.length);
        collect(json, blobs, DEPTH);
        files.accept(new SyncedFile(Path.of("blobs"), FOLDER, 0, 0, NO_LINK));
        blobs.keySet().stream()
                .map(blob -> blob.algorithm())
                .distinct()
                .forEach(name -> files.accept(new SyncedFile(Path.of("blobs", name), FOLDER, 0, 0, NO_LINK)));
        blobs.forEach((blob, size) ->
                files.accept(new SyncedFile(Path.of(ImageLayout.path(blob)), FILE, size, time(blob), NO_LINK)));
        made.forEach((name, bytes) ->
                files.accept(new SyncedFile(Path.of(name), FILE, bytes.length, time(Digest.sha256(bytes)), NO_LINK)));
        return new SyncedContexts.Overview(Optional.empty(), Optional.empty());
    }

    /** Files with the same time have the same content. */
    private static long time(Digest content) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(content.hex())).getInt();
    }

    /** Of an index a layout need not have every image. */
    private void collect(JsonNode document, Map<Digest, Long> blobs, int depth) throws InterruptedException {
        for (JsonNode entry : document.path("manifests")) {
            Digest digest = digest(entry);
            if (depth > 0 && !blobs.containsKey(digest) && store.find(digest).isPresent()) {
                add(entry, blobs);
                collect(json(document(digest)), blobs, depth - 1);
            }
        }
        if (document.has("config")) {
            add(document.path("config"), blobs);
        }
        for (JsonNode layer : document.path("layers")) {
            add(layer, blobs);
        }
    }

    private static void add(JsonNode descriptor, Map<Digest, Long> blobs) {
        blobs.put(digest(descriptor), descriptor.path("size").asLong(-1));
        if (blobs.size() > MOST_BLOBS) {
            throw new ExhaustedException("the client's image layout has more than " + MOST_BLOBS + " blobs");
        }
    }

    private static Digest digest(JsonNode descriptor) {
        return Digest.parse(descriptor.path("digest").asText());
    }

    private static JsonNode json(byte[] document) {
        return CanonicalJson.read(document, JsonNode.class, "a manifest of the client's image layout");
    }

    private byte[] document(Digest digest) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.read(digest, piece -> {
            if (bytes.size() + piece.size() > ImageStore.MAX_DOCUMENT) {
                throw new ExhaustedException("the manifest " + digest + " of the client's image layout is larger than "
                        + ImageStore.MAX_DOCUMENT + " bytes");
            }
            bytes.writeBytes(piece.toByteArray());
        });
        if (!Digest.sha256(bytes.toByteArray()).equals(digest)) {
            throw new CorruptContentException(
                    "the manifest " + digest + " of the client's image layout is not what its digest says");
        }
        return bytes.toByteArray();
    }

    @Override
    public void read(List<Path> paths, SyncedContexts.Receiver receiver) throws InterruptedException, IOException {
        for (Path path : paths) {
            byte[] known = made.get(path.toString());
            if (known != null) {
                receiver.chunk(path, known, true);
            } else {
                store.<IOException>read(blob(path), piece -> receiver.chunk(path, piece.toByteArray(), false));
                receiver.chunk(path, new byte[0], true);
            }
        }
    }

    /** The blob that a path of a layout stands for. */
    static Digest blob(Path path) {
        if (path.getNameCount() != 3 || !path.startsWith("blobs")) {
            throw new NotFoundException("file", path.toString(), "the client's image layout has no file " + path);
        }
        return Digest.parse(path.getName(1) + ":" + path.getName(2));
    }

    @Override
    public List<byte[]> digests(List<Path> paths) {
        List<byte[]> digests = new ArrayList<>();
        for (Path path : paths) {
            byte[] known = made.get(path.toString());
            digests.add(HexFormat.of().parseHex((known == null ? blob(path) : Digest.sha256(known)).hex()));
        }
        return digests;
    }

    @Override
    public InputStream archive(TransferListener arrival) {
        throw new InvalidInputException("an image layout is no archive");
    }
}

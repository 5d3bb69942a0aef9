package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A cache in a directory in the OCI image layout. */
final class FolderCache implements BlobProvider {

    private static final String USUAL_TAG = "latest";

    private final String name;
    private final FolderFiles files;
    private final ContentStore content;

    /** @param name what messages call it */
    FolderCache(String name, FolderFiles files, ContentStore content) {
        this.name = name;
        this.files = files;
        this.content = content;
    }

    /**
     * The manifest that the index of the directory names.
     *
     * @param selector tag or digest; empty for the usual tag
     */
    byte[] manifest(String selector) {
        if (selector.contains(":")) {
            return manifest(Digest.parse(selector));
        }
        String tag = selector.isEmpty() ? USUAL_TAG : selector;
        ImageIndex index = CanonicalJson.read(document(ImageLayout.INDEX), ImageIndex.class, "index.json of " + name);
        return Optional.ofNullable(index.manifests()).orElse(List.of()).stream()
                .filter(entry -> entry != null && entry.digest() != null && tag.equals(ImageLayout.refName(entry)))
                .findFirst()
                .map(entry -> manifest(entry.digest()))
                .orElseThrow(() -> new NotFoundException("cache", tag, name + " has no cache \"" + tag + "\""));
    }

    private byte[] manifest(Digest digest) {
        byte[] bytes = document(ImageLayout.path(digest));
        if (!Digest.sha256(bytes).equals(digest)) {
            throw new CorruptContentException("the cache manifest of " + name + " is not what its digest says");
        }
        return bytes;
    }

    private byte[] document(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        files.read(path, (data, length) -> {
            if (bytes.size() + length > ImageStore.MAX_DOCUMENT) {
                throw new ExhaustedException(
                        path + " of " + name + " is larger than " + ImageStore.MAX_DOCUMENT + " bytes");
            }
            bytes.write(data, 0, length);
        });
        return bytes.toByteArray();
    }

    @Override
    public boolean fetch(Lease lease, Descriptor blob, LongConsumer arrived) {
        if (lease.holdIf(blob.digest(), () -> content.contains(blob.digest()))) {
            return false;
        }
        try (Ingest ingest = content.ingest(blob.digest().toString())) {
            if (lease.holdIf(blob.digest(), () -> content.contains(blob.digest()))) {
                return false;
            }
            ingest.restart();
            files.read(ImageLayout.path(blob.digest()), (bytes, length) -> {
                if (ingest.offset() + length > blob.size()) {
                    throw new CorruptContentException(
                            blob.digest() + " of " + name + " has more than the " + blob.size() + " bytes it should");
                }
                ingest.write(bytes, 0, length);
                arrived.accept(ingest.offset());
            });
            lease.hold(() -> ingest.commit(blob.digest(), blob.size()));
            return true;
        }
    }
}

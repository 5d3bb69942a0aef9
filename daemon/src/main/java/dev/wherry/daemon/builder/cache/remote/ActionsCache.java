package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.cache.actions.ActionsService;
import dev.wherry.daemon.builder.cache.actions.ActionsToken;
import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.Retry;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** A cache in GitHub's cache service. */
final class ActionsCache implements BlobProvider {

    private static final String NAME = "the GitHub Actions cache";
    private static final int BUFFER = 64 << 10;

    private final ActionsService service;
    private final ContentStore content;

    ActionsCache(ActionsService service, ContentStore content) {
        this.service = service;
        this.content = content;
    }

    /**
     * The newest config of each scope that may be read, that of the job's own branch first.
     *
     * @throws NotFoundException when there is none
     */
    List<byte[]> configs() {
        String name = service.access().scope();
        List<byte[]> configs = new ArrayList<>();
        for (ActionsToken.Scope scope : service.access().token().scopes()) {
            if (scope.readable()) {
                service.find(ActionsKeys.config(name, scope))
                        .ifPresent(found -> configs.add(Retry.of(NAME, () -> document(found))));
            }
        }
        if (configs.isEmpty()) {
            throw new NotFoundException("cache", name, NAME + " has none of scope \"" + name + "\" yet");
        }
        return configs;
    }

    private static byte[] document(ActionsService.Found found) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        found.blob().read(0, in -> bytes.write(in.readNBytes(CacheReader.MAX_CONFIG + 1)));
        if (bytes.size() > CacheReader.MAX_CONFIG) {
            throw new ExhaustedException(
                    "the config of " + NAME + " is larger than the " + CacheReader.MAX_CONFIG + " bytes allowed");
        }
        return bytes.toByteArray();
    }

    @Override
    public boolean fetch(Lease lease, Descriptor blob, LongConsumer arrived) {
        if (isHere(lease, blob)) {
            return false;
        }
        String key = ActionsKeys.blob(blob.digest());
        try (Ingest ingest = content.ingest(blob.digest().toString())) {
            if (isHere(lease, blob)) {
                return false;
            }
            // What an earlier attempt of another source left is not known to be right.
            ingest.restart();
            Retry.of(NAME, () -> {
                ActionsService.Found found = service.find(key)
                        .filter(one -> one.key().equals(key))
                        .orElseThrow(() ->
                                new NotFoundException("blob", key, NAME + " no longer has the layer " + blob.digest()));
                found.blob().read(ingest.offset(), in -> copy(in, ingest, blob, arrived));
                return null;
            });
            lease.hold(() -> ingest.commit(blob.digest(), blob.size()));
            return true;
        }
    }

    private static void copy(InputStream in, Ingest ingest, Descriptor blob, LongConsumer arrived) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count; (count = in.read(buffer)) >= 0; ) {
            if (count > blob.size() - ingest.offset()) {
                ingest.restart();
                throw new CorruptContentException(
                        blob.digest() + " of " + NAME + " is longer than the " + blob.size() + " bytes it should be");
            }
            ingest.write(buffer, 0, count);
            arrived.accept(ingest.offset());
        }
        if (ingest.offset() < blob.size()) {
            throw new EOFException("it ended the connection after " + ingest.offset() + " bytes");
        }
    }

    private boolean isHere(Lease lease, Descriptor blob) {
        return lease.holdIf(blob.digest(), () -> content.contains(blob.digest()));
    }
}

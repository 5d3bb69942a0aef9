package dev.wherry.daemon.image.copy;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RegistryNames;
import dev.wherry.daemon.image.Stride;
import dev.wherry.daemon.image.push.ParallelTasks;
import dev.wherry.daemon.image.push.PushProgress;
import dev.wherry.daemon.image.push.PushProgress.Phase;
import dev.wherry.daemon.registry.BlobSource;
import dev.wherry.daemon.registry.PushTarget;
import dev.wherry.daemon.registry.PushTarget.Outcome;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RepositoryName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One copy: reads all documents, sends all blobs side by side, then stores the documents, each after those that it names.
 * A document that the target has is not looked into, since a registry takes none without what it names.
 */
final class ImageTransfer {

    private static final int READS = 8;

    /** As many uploads at once as docker allows for a push. */
    private static final int UPLOADS = 5;

    /** An index in an index is rare, and deeper ones are made to tease. */
    private static final int MAX_DEPTH = 8;

    /** Of all documents of one copy together, since they are kept in memory. */
    private static final long MAX_BYTES = 64L << 20;

    private static final String CANCELLED = "copy cancelled";

    private final SourceImage source;
    private final Reference name;
    private final PushTarget target;
    private final RegistryNames names;
    private final PushProgress progress;

    /** Every document that is at the target after the copy. */
    private final Set<Digest> copied = new LinkedHashSet<>();

    private long bytes;

    ImageTransfer(SourceImage source, Reference name, PushTarget target, RegistryNames names, PushProgress progress) {
        this.source = source;
        this.name = name;
        this.target = target;
        this.names = names;
        this.progress = progress;
    }

    /**
     * Copies a document with all that it names, and stores it under a tag or under its digest.
     *
     * @return false if it was there already
     */
    boolean copy(RemoteManifest top, String selector) {
        copied.add(top.digest());
        if (target.find(selector).equals(Optional.of(top.digest()))) {
            return false;
        }
        RemoteDocument root = RemoteDocument.of(top);
        Map<Digest, RemoteDocument> documents = documents(root);
        sendBlobs(documents.values());
        Set<Digest> stored = new HashSet<>();
        root.documents().forEach(part -> store(part.digest(), documents, stored));
        target.put(selector, root.mediaType(), root.bytes());
        return true;
    }

    /** The root and what it names at any depth, as far as the target lacks it. */
    private Map<Digest, RemoteDocument> documents(RemoteDocument root) {
        Map<Digest, RemoteDocument> all = new LinkedHashMap<>();
        all.put(root.digest(), root);
        List<RemoteDocument> level = List.of(root);
        for (int depth = 1; !level.isEmpty(); depth++) {
            List<Digest> parts = level.stream()
                    .flatMap(document -> document.documents().stream())
                    .map(Descriptor::digest)
                    .filter(part -> copied.add(part))
                    .toList();
            if (depth > MAX_DEPTH && !parts.isEmpty()) {
                throw new UnsupportedException(
                        source.reference().familiar() + " has indexes in indexes more than " + MAX_DEPTH + " deep");
            }
            level = ParallelTasks.each(parts, READS, CANCELLED, this::read).stream()
                    .flatMap(Optional::stream)
                    .toList();
            level.forEach(document -> all.put(document.digest(), document));
        }
        return all;
    }

    private Optional<RemoteDocument> read(Digest digest) {
        String selector = digest.toString();
        if (target.find(selector).equals(Optional.of(digest))) {
            return Optional.empty();
        }
        RemoteManifest remote = source.repository().manifest(selector);
        count(remote.bytes().length);
        return Optional.of(RemoteDocument.of(remote));
    }

    private synchronized void count(int length) {
        bytes += length;
        if (bytes > MAX_BYTES) {
            throw new ExhaustedException(
                    "the manifests of " + source.reference().familiar() + " are larger than the " + (MAX_BYTES >> 20)
                            + " MiB allowed for all of them");
        }
    }

    private void sendBlobs(Iterable<RemoteDocument> documents) {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        documents.forEach(document -> document.blobs().forEach(blob -> blobs.putIfAbsent(blob.digest(), blob)));
        blobs.values().forEach(blob -> report(blob, Phase.WAITING, 0, ""));
        ParallelTasks.each(List.copyOf(blobs.values()), UPLOADS, CANCELLED, blob -> {
            send(blob);
            return null;
        });
    }

    private void send(Descriptor blob) {
        BlobSource bytes = source.repository().blob(blob);
        Optional<RepositoryName> from = mountable(blob.digest());
        Outcome outcome = target.add(bytes, from, new Stride(current -> report(blob, Phase.PUSHING, current, "")));
        switch (outcome) {
            case EXISTED -> report(blob, Phase.EXISTS, 0, "");
            case MOUNTED -> report(blob, Phase.MOUNTED, 0, from.get().path());
            case SENT -> report(blob, Phase.PUSHED, blob.size(), "");
        }
    }

    /** A repository of the target's registry that the registry may take a blob from. */
    private Optional<RepositoryName> mountable(Digest blob) {
        RepositoryName own = source.reference().repositoryName();
        return own.host().equals(name.registry()) && !own.path().equals(name.repository())
                ? Optional.of(own)
                : names.mountable(blob, name);
    }

    /** Layers are shown; configs and the parts of other artifacts are small. */
    private void report(Descriptor blob, Phase phase, long current, String from) {
        if (MediaTypes.isLayer(blob.mediaType())) {
            progress.layer(blob.digest(), phase, current, blob.size(), from);
        }
    }

    private void store(Digest digest, Map<Digest, RemoteDocument> documents, Set<Digest> stored) {
        RemoteDocument document = documents.get(digest);
        if (document == null || !stored.add(digest)) {
            return;
        }
        document.documents().forEach(part -> store(part.digest(), documents, stored));
        target.put(digest.toString(), document.mediaType(), document.bytes());
    }

    /**
     * Copies what refers to a document that was copied or to what that names, and what refers to that. Tags of referrers
     * are copied too, and take the place of the target's; the list of a subject's referrers stays where the target has one.
     */
    void copyReferrers(RemoteManifest top) {
        List<Digest> subjects = subjects(top);
        Set<Digest> seen = new HashSet<>(subjects);
        for (int depth = 0; !subjects.isEmpty(); depth++) {
            if (depth > MAX_DEPTH) {
                throw new UnsupportedException(
                        source.reference().familiar() + " has referrers of referrers more than " + MAX_DEPTH + " deep");
            }
            List<Referrers> found = ParallelTasks.each(
                    subjects, READS, CANCELLED, subject -> Referrers.of(source.repository(), subject));
            List<Digest> next = new ArrayList<>();
            for (Referrers referrers : found) {
                for (Digest referrer : referrers.listed()) {
                    if (seen.add(referrer)) {
                        copyListed(referrer);
                        next.add(referrer);
                    }
                }
                referrers.tagged().forEach((tag, manifest) -> {
                    count(manifest.bytes().length);
                    boolean list = referrers.isList(tag);
                    if (!list || target.find(tag).isEmpty()) {
                        copy(manifest, tag);
                    }
                    if (!list && seen.add(manifest.digest())) {
                        next.add(manifest.digest());
                    }
                });
            }
            subjects = next;
        }
    }

    /** A document and all that it names, whether or not the target had it before. */
    private List<Digest> subjects(RemoteManifest top) {
        Set<Digest> all = new LinkedHashSet<>(List.of(top.digest()));
        List<RemoteDocument> level = List.of(RemoteDocument.of(top));
        for (int depth = 1; !level.isEmpty() && depth <= MAX_DEPTH; depth++) {
            List<Descriptor> parts = level.stream()
                    .flatMap(document -> document.documents().stream())
                    .filter(part -> all.add(part.digest()))
                    .toList();
            List<Descriptor> indexes = parts.stream()
                    .filter(part -> MediaTypes.isIndex(part.mediaType()))
                    .toList();
            level = ParallelTasks.each(
                    indexes,
                    READS,
                    CANCELLED,
                    index -> RemoteDocument.of(
                            source.repository().manifest(index.digest().toString())));
        }
        return List.copyOf(all);
    }

    private void copyListed(Digest referrer) {
        RemoteManifest remote = source.repository().manifest(referrer.toString());
        count(remote.bytes().length);
        if (!copy(remote, referrer.toString())) {
            // An interrupted copy may have stored it without listing it among the referrers.
            target.put(referrer.toString(), MediaTypes.of(remote), remote.bytes());
        }
    }
}

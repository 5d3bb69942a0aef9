package dev.wherry.daemon.image.push;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RegistryNames;
import dev.wherry.daemon.image.Stride;
import dev.wherry.daemon.image.push.PushProgress.Phase;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.BlobSource;
import dev.wherry.daemon.registry.PushTarget;
import dev.wherry.daemon.registry.PushTarget.Outcome;
import dev.wherry.daemon.registry.RepositoryName;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends what manifests name. Layers go side by side, each as soon as it is compressed. */
final class ManifestPush {

    /** As many uploads at once as docker allows. */
    private static final int UPLOADS = 5;

    private final ContentStore content;
    private final RegistryNames names;
    private final Snapshotter snapshotter;
    private final CompressedLayers compressed;
    private final PushTarget target;
    private final Reference reference;
    private final Lease lease;
    private final PushProgress progress;

    ManifestPush(
            ContentStore content,
            RegistryNames names,
            Snapshotter snapshotter,
            CompressedLayers compressed,
            PushTarget target,
            Reference reference,
            Lease lease,
            PushProgress progress) {
        this.content = content;
        this.names = names;
        this.snapshotter = snapshotter;
        this.compressed = compressed;
        this.target = target;
        this.reference = reference;
        this.lease = lease;
        this.progress = progress;
    }

    /** A layer: how the stored manifest describes it, and where its files are. */
    private record Layer(Descriptor described, Digest diffId, SnapshotId snapshot) {}

    /** The manifest as it will be pushed, if no layer has to be compressed before that can be said. */
    Optional<PushedManifest> known(Digest digest, Image image) {
        byte[] stored = read(digest);
        Manifest manifest = parse(stored);
        List<Descriptor> blobs = new ArrayList<>();
        for (Layer layer : layers(image, manifest)) {
            Optional<Descriptor> blob = here(layer);
            if (blob.isEmpty()) {
                return Optional.empty();
            }
            blobs.add(blob.get());
        }
        return Optional.of(PushedManifest.of(stored, manifest, blobs));
    }

    /** Tells that the repository has all layers of an image. */
    void existing(Image image) {
        image.config().diffIds().forEach(layer -> progress.layer(layer, Phase.EXISTS, 0, 0, ""));
    }

    /** Sends the layers and the config of an image, and returns the manifest, which is not stored yet. */
    PushedManifest send(Digest digest, Image image) {
        byte[] stored = read(digest);
        Manifest manifest = parse(stored);
        List<Layer> layers = layers(image, manifest);
        layers.forEach(layer -> progress.layer(layer.diffId, Phase.PREPARING, 0, 0, ""));
        if (!image.snapshot().map(top -> snapshotter.hold(lease, top)).orElse(true)) {
            throw new NotFoundException("image", reference.familiar());
        }
        List<Descriptor> sent = send(image, layers);
        blob(manifest.config());
        return PushedManifest.of(stored, manifest, sent);
    }

    /** Sends what the manifest of an attestation or another artifact names, and returns the manifest. */
    PushedManifest artifact(Digest digest, String mediaType) {
        byte[] stored = read(digest);
        Manifest manifest = parse(stored);
        Optional.ofNullable(manifest.config()).ifPresent(this::blob);
        Optional.ofNullable(manifest.layers()).orElse(List.of()).forEach(this::blob);
        return new PushedManifest(mediaType, stored);
    }

    /**
     * Sends what the manifest of an attestation names, and returns the manifest.
     *
     * @param before the manifest that it is about
     * @param now how that is pushed
     */
    PushedManifest attestation(Digest digest, String mediaType, Digest before, Digest now) {
        PushedManifest stored = new PushedManifest(mediaType, read(digest));
        Manifest manifest = parse(stored.bytes());
        if (manifest.config() == null || manifest.layers() == null) {
            return artifact(digest, mediaType);
        }
        PushedAttestation moved = PushedAttestation.of(stored, manifest, this::read, before, now);
        for (byte[] blob : moved.blobs()) {
            target.add(BlobSource.of(MediaTypes.IN_TOTO, blob), Optional.empty(), _ -> {});
        }
        manifest.layers().stream()
                .filter(layer -> !layer.mediaType().equals(MediaTypes.IN_TOTO))
                .forEach(this::blob);
        return moved.manifest();
    }

    private void blob(Descriptor blob) {
        if (!isHere(blob)) {
            if (!target.has(blob.digest())) {
                throw new NotFoundException(
                        "blob",
                        blob.digest().toString(),
                        "cannot push " + reference.familiar() + ": its blob " + blob.digest() + " is not here");
            }
            return;
        }
        target.add(BlobSource.of(content, blob), names.mountable(blob.digest(), reference), _ -> {});
    }

    private byte[] read(Digest manifest) {
        if (!lease.holdIf(manifest, () -> content.contains(manifest))) {
            throw new NotFoundException("image", reference.familiar());
        }
        return content.read(manifest, ImageStore.MAX_CONFIG);
    }

    private Manifest parse(byte[] manifest) {
        return CanonicalJson.read(manifest, Manifest.class, "the manifest of " + reference.familiar());
    }

    private List<Layer> layers(Image image, Manifest manifest) {
        List<SnapshotId> chain = image.snapshot().map(snapshotter::chain).orElse(List.of());
        List<Digest> diffIds = image.config().diffIds();
        if (manifest.config() == null
                || manifest.layers() == null
                || manifest.layers().size() != chain.size()
                || diffIds.size() != chain.size()) {
            throw new CorruptContentException("the manifest of " + reference.familiar() + " is malformed");
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            layers.add(new Layer(manifest.layers().get(i), diffIds.get(i), chain.get(i)));
        }
        return layers;
    }

    private Optional<Descriptor> here(Layer layer) {
        return isHere(layer.described) ? Optional.of(layer.described) : compressed.find(lease, layer.diffId);
    }

    private boolean isHere(Descriptor blob) {
        return lease.holdIf(blob.digest(), () -> content.contains(blob.digest()));
    }

    private List<Descriptor> send(Image image, List<Layer> layers) {
        return ParallelTasks.each(layers, UPLOADS, "push cancelled", layer -> send(image, layer));
    }

    private Descriptor send(Image image, Layer layer) {
        Optional<Descriptor> alike = there(layer);
        if (alike.isPresent()) {
            progress.layer(layer.diffId, Phase.EXISTS, 0, 0, "");
            return alike.get();
        }
        Descriptor blob = isHere(layer.described) ? layer.described : compress(image, layer);
        Optional<RepositoryName> from = names.mountable(blob.digest(), reference);
        Stride stride = stride(layer, Phase.PUSHING, blob.size());
        Outcome outcome = target.add(BlobSource.of(content, blob), from, stride);
        switch (outcome) {
            case EXISTED -> progress.layer(layer.diffId, Phase.EXISTS, 0, 0, "");
            case MOUNTED ->
                progress.layer(layer.diffId, Phase.MOUNTED, 0, 0, from.get().path());
            case SENT -> progress.layer(layer.diffId, Phase.PUSHED, blob.size(), blob.size(), "");
        }
        return blob;
    }

    /**
     * A layer that was pulled and whose blob is not here, since its files were here before: the repository, or another one
     * of its registry, may still have it.
     */
    private Optional<Descriptor> there(Layer layer) {
        boolean madeHere = layer.described.digest().equals(layer.diffId);
        return madeHere || here(layer).isPresent() || !target.has(layer.described.digest())
                ? Optional.empty()
                : Optional.of(layer.described);
    }

    private Descriptor compress(Image image, Layer layer) {
        Stride stride = stride(
                layer, Phase.COMPRESSING, snapshotter.diff(layer.snapshot).tarSize());
        return compressed.of(lease, image, layer.snapshot, stride);
    }

    private Stride stride(Layer layer, Phase phase, long total) {
        return new Stride(current -> progress.layer(layer.diffId, phase, current, total, ""));
    }
}

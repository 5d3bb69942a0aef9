package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image ready to be saved. Its manifest is the stored one, byte for byte, as long as all layers can be given as that
 * describes them: out of the blob they came in, or, where it describes them uncompressed, out of their snapshots. A layer
 * whose blob is not here, because the layer was here already when the image was pulled, is given uncompressed, and the
 * manifest says so.
 *
 * @param asStored whether the manifest is the stored one
 */
record SavedImage(Image image, byte[] config, byte[] manifest, List<LayerBlob> layers, boolean asStored) {

    /** @param lease takes hold of everything that the image consists of */
    static SavedImage of(Image image, ContentStore content, Snapshotter snapshotter, Lease lease) {
        if (!image.hold(lease, content, snapshotter)) {
            throw new NotFoundException("image", image.id().toString());
        }
        byte[] config = content.read(image.id(), ImageStore.MAX_CONFIG);
        byte[] bytes = content.read(image.manifest(), ImageStore.MAX_CONFIG);
        Manifest manifest = CanonicalJson.read(bytes, Manifest.class, "the manifest of image " + image.id());
        List<Digest> diffIds = image.config().diffIds();
        List<SnapshotId> chain = image.snapshot().map(snapshotter::chain).orElse(List.of());
        List<LayerBlob> layers = new ArrayList<>();
        boolean asStored = true;
        for (int i = 0; i < chain.size(); i++) {
            Descriptor described = manifest.layers().get(i);
            SnapshotId snapshot = chain.get(i);
            if (lease.holdIf(described.digest(), () -> content.contains(described.digest()))) {
                layers.add(LayerBlob.stored(described, content));
            } else if (described.digest().equals(diffIds.get(i))) {
                layers.add(new LayerBlob(described, out -> snapshotter.writeTar(snapshot, out)));
            } else {
                asStored = false;
                String type = Compression.UNCOMPRESSED.mediaType(MediaTypes.MANIFEST.equals(manifest.type()));
                long size = snapshotter.diff(snapshot).tarSize();
                layers.add(new LayerBlob(
                        new Descriptor(type, diffIds.get(i), size), out -> snapshotter.writeTar(snapshot, out)));
            }
        }
        if (!asStored) {
            bytes = CanonicalJson.write(new Manifest(
                    manifest.type(),
                    manifest.config(),
                    layers.stream().map(LayerBlob::descriptor).toList(),
                    Optional.ofNullable(manifest.annotations()).orElse(Map.of())));
        }
        return new SavedImage(image, config, bytes, layers, asStored);
    }

    Descriptor descriptor() {
        Manifest document = CanonicalJson.read(manifest, Manifest.class, "the manifest of image " + image.id());
        return new Descriptor(document.type(), Digest.sha256(manifest), manifest.length);
    }
}

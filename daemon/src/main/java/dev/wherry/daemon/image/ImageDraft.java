package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.ImageConfig.Rootfs;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An image that has been made and is in no store yet.
 *
 * @param id digest of the config's bytes
 * @param layers bottom first
 * @param top the snapshot of the last layer; empty when there are no layers
 * @param annotations of its manifest
 * @param received the blobs that layers of it came in, by diff ID
 */
public record ImageDraft(
        Digest id,
        ImageConfig config,
        byte[] configBytes,
        List<LayerDiff> layers,
        Optional<SnapshotId> top,
        Map<String, String> annotations,
        Map<Digest, Descriptor> received) {

    /**
     * @param config its {@code rootfs} is set from the layers
     * @param received may name blobs of other layers too; the caller holds them
     */
    public static ImageDraft of(
            ImageConfig config,
            Optional<SnapshotId> top,
            List<LayerDiff> layers,
            Map<String, String> annotations,
            Map<Digest, Descriptor> received) {
        Rootfs rootfs =
                new Rootfs("layers", layers.stream().map(LayerDiff::diffId).toList());
        ImageConfig complete = config.withRootfs(rootfs);
        byte[] bytes = CanonicalJson.write(complete);
        return new ImageDraft(
                Digest.sha256(bytes), complete, bytes, List.copyOf(layers), top, Map.copyOf(annotations), received);
    }

    /** The manifest as the store keeps it: layers made here are described uncompressed, since there are no blobs of them. */
    public Manifest manifest() {
        return new Manifest(
                MediaTypes.MANIFEST,
                new Descriptor(MediaTypes.CONFIG, id, configBytes.length),
                layers.stream().map(this::described).toList(),
                annotations);
    }

    private Descriptor described(LayerDiff layer) {
        Descriptor blob = received.get(layer.diffId());
        return blob == null
                ? new Descriptor(MediaTypes.LAYER, layer.diffId(), layer.tarSize())
                : new Descriptor(Compression.of(blob.mediaType()).mediaType(true), blob.digest(), blob.size());
    }

    /** The blobs that exist of the image's layers. */
    List<Digest> blobs() {
        return layers.stream()
                .map(layer -> received.get(layer.diffId()))
                .filter(Objects::nonNull)
                .map(Descriptor::digest)
                .toList();
    }

    public byte[] manifestBytes() {
        return CanonicalJson.write(manifest());
    }

    /** Bytes of all files in all layers. */
    public long size() {
        return layers.stream().mapToLong(LayerDiff::size).sum();
    }

    public Platform platform() {
        return config.platform();
    }
}

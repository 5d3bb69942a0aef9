package dev.wherry.daemon.image.copy;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.registry.RemoteManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A manifest or index in a registry, and what it names.
 *
 * @param documents manifests and indexes
 * @param blobs the config, the layers, and what an index lists that is neither manifest nor index
 */
record RemoteDocument(
        String mediaType, Digest digest, byte[] bytes, List<Descriptor> documents, List<Descriptor> blobs) {

    /** @throws UnsupportedException when it is of a type that is not known here */
    static RemoteDocument of(RemoteManifest remote) {
        String type = MediaTypes.of(remote);
        List<Descriptor> documents = new ArrayList<>();
        List<Descriptor> blobs = new ArrayList<>();
        if (MediaTypes.isIndex(type)) {
            CanonicalJson.read(remote.bytes(), ImageIndex.class, "the index " + remote.digest())
                    .entries()
                    .forEach(entry -> (isDocument(entry.mediaType()) ? documents : blobs).add(entry.descriptor()));
        } else if (MediaTypes.isManifest(type)) {
            Manifest manifest = CanonicalJson.read(remote.bytes(), Manifest.class, "the manifest " + remote.digest());
            Optional.ofNullable(manifest.config()).ifPresent(blobs::add);
            Optional.ofNullable(manifest.layers()).orElse(List.of()).stream()
                    .filter(Objects::nonNull)
                    .filter(layer -> !MediaTypes.isForeign(layer.mediaType()))
                    .forEach(blobs::add);
        } else {
            throw new UnsupportedException("cannot copy " + remote.digest() + ": it is of type \"" + type + "\"");
        }
        return new RemoteDocument(type, remote.digest(), remote.bytes(), documents, blobs);
    }

    private static boolean isDocument(String mediaType) {
        return MediaTypes.isManifest(mediaType) || MediaTypes.isIndex(mediaType);
    }
}

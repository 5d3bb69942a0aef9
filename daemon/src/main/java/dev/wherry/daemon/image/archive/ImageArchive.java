package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.IndexDraft;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Writes images as archives. The result depends on the image and the options alone: no time of writing is in it, and the
 * files come in a fixed order, what names others first.
 */
@Singleton
public final class ImageArchive {

    private final Snapshotter snapshotter;
    private final ContentStore content;
    private final Layout layout;

    ImageArchive(Snapshotter snapshotter, ContentStore content, Layout layout) {
        this.snapshotter = snapshotter;
        this.content = content;
        this.layout = layout;
    }

    /**
     * Writes an archive. Several images are in it by an index of them.
     *
     * @return the manifest or index in it
     * @throws UnsupportedException when several images are to be in an archive for docker
     */
    public Descriptor write(IndexDraft images, ArchiveOptions options, EntrySink sink) {
        if (!images.isAlone() && options.format() == ArchiveOptions.Format.DOCKER) {
            throw new UnsupportedException(
                    "a docker archive holds an image for one platform only, without attestations: use type=oci");
        }
        try (LayerBlobs blobs = new LayerBlobs(snapshotter, content, layout, options)) {
            List<Written> all = new ArrayList<>();
            for (ImageDraft draft : images.images()) {
                List<LayerBlob> layers = blobs.of(
                        draft.top().map(snapshotter::chain).orElse(List.of()), draft.layers(), draft.received());
                all.add(new Written(draft, layers, CanonicalJson.write(manifest(draft, options, layers))));
            }
            Written first = all.getFirst();
            boolean alone = images.isAlone();
            IndexDraft.Documents platforms =
                    images.documents(all.stream().map(Written::manifest).toList(), options.ociTypes(), options.names());
            byte[] document = alone ? first.manifest : platforms.index();
            Descriptor described = new Descriptor(
                    alone ? manifestType(options) : indexType(options), Digest.sha256(document), document.length);
            LayoutWriter files = new LayoutWriter(sink);
            files.mark();
            files.index(CanonicalJson.write(index(first.draft, alone, options, described)));
            if (options.format() == ArchiveOptions.Format.DOCKER) {
                files.file(
                        ArchiveFiles.DOCKER_MANIFEST,
                        CanonicalJson.write(List.of(DockerManifest.of(
                                first.draft.id(),
                                options.names(),
                                first.layers.stream().map(LayerBlob::descriptor).toList()))));
            }
            files.folders();
            SequencedMap<Digest, byte[]> documents = new LinkedHashMap<>();
            documents.put(described.digest(), document);
            SequencedMap<Digest, LayerBlob> distinct = new LinkedHashMap<>();
            for (Written one : all) {
                documents.putIfAbsent(Digest.sha256(one.manifest), one.manifest);
                documents.putIfAbsent(one.draft.id(), one.draft.configBytes());
                one.layers.forEach(
                        layer -> distinct.putIfAbsent(layer.descriptor().digest(), layer));
            }
            platforms.attestations().stream()
                    .flatMap(attestation -> attestation.all().stream())
                    .forEach(one -> documents.putIfAbsent(Digest.sha256(one), one));
            for (Map.Entry<Digest, byte[]> entry : documents.entrySet()) {
                files.blob(entry.getKey(), entry.getValue());
            }
            for (LayerBlob layer : distinct.values()) {
                files.blob(layer);
            }
            files.finish();
            return described;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the image", failure);
        }
    }

    /** An image and the documents and layers that the archive has of it. */
    private record Written(ImageDraft draft, List<LayerBlob> layers, byte[] manifest) {}

    private static String manifestType(ArchiveOptions options) {
        return options.ociTypes() ? MediaTypes.MANIFEST : MediaTypes.DOCKER_MANIFEST;
    }

    private static String indexType(ArchiveOptions options) {
        return options.ociTypes() ? MediaTypes.INDEX : MediaTypes.DOCKER_INDEX;
    }

    private static Manifest manifest(ImageDraft draft, ArchiveOptions options, List<LayerBlob> layers) {
        return new Manifest(
                manifestType(options),
                new Descriptor(
                        options.ociTypes() ? MediaTypes.CONFIG : MediaTypes.DOCKER_CONFIG,
                        draft.id(),
                        draft.configBytes().length),
                layers.stream().map(LayerBlob::descriptor).toList(),
                draft.annotations());
    }

    /** One entry a name, as docker and containerd write it, or one without. */
    private static ImageIndex index(ImageDraft draft, boolean alone, ArchiveOptions options, Descriptor described) {
        List<ImageIndex.Entry> entries = new ArrayList<>();
        for (Reference name : options.names()) {
            entries.add(entry(draft, alone, described, Optional.of(name)));
        }
        if (entries.isEmpty()) {
            entries.add(entry(draft, alone, described, Optional.empty()));
        }
        return new ImageIndex(2, MediaTypes.INDEX, entries);
    }

    private static ImageIndex.Entry entry(
            ImageDraft draft, boolean alone, Descriptor described, Optional<Reference> name) {
        return new ImageIndex.Entry(
                described.mediaType(),
                described.digest(),
                described.size(),
                alone ? draft.platform() : null,
                ArchiveNames.annotations(draft.config().created(), name));
    }
}

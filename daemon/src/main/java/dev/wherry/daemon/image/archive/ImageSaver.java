package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.ManifestTree.Kind;
import dev.wherry.daemon.image.ManifestTrees;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Saves stored images as one archive: an image layout, and with it what {@code docker load} looks for. Indexes and
 * manifests are written as they are stored, byte for byte, where everything that they name is here.
 */
@Singleton
public final class ImageSaver {

    private final ImageStore images;
    private final ManifestTrees trees;
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Leases leases;

    public ImageSaver(
            ImageStore images, ManifestTrees trees, ContentStore content, Snapshotter snapshotter, Leases leases) {
        this.images = images;
        this.trees = trees;
        this.content = content;
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    /**
     * Writes the archive. Nothing is written unless all images are here.
     *
     * @throws dev.wherry.daemon.error.NotFoundException naming the image that is not here, or not for the platform
     */
    public void save(SaveOptions options, EntrySink sink) {
        try (Lease lease = leases.open()) {
            Saving saving = new Saving(options, lease);
            options.names().forEach(saving::select);
            saving.write(sink);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the archive", failure);
        }
    }

    private final class Saving {

        private final SaveOptions options;
        private final Lease lease;
        private final List<ImageIndex.Entry> entries = new ArrayList<>();
        private final Map<Digest, byte[]> documents = new LinkedHashMap<>();
        private final Map<Digest, SavedImage> saved = new LinkedHashMap<>();
        private final List<Descriptor> attached = new ArrayList<>();
        /** By image ID: the names that an older docker gives it. */
        private final Map<Digest, List<Reference>> names = new LinkedHashMap<>();

        Saving(SaveOptions options, Lease lease) {
            this.options = options;
            this.lease = lease;
        }

        void select(String text) {
            Optional<Reference> reference = parse(text);
            List<Reference> tags =
                    reference.filter(_ -> isRepository(text)).map(this::tags).orElse(List.of());
            if (!tags.isEmpty()) {
                tags.forEach(tag ->
                        add(tag.familiar(), Optional.of(tag), trees.find(tag).orElseThrow()));
                return;
            }
            Optional<ManifestTree> named = reference.flatMap(trees::find);
            Optional<Reference> tag =
                    named.isPresent() ? reference.filter(one -> one.digest().isEmpty()) : Optional.empty();
            add(text, tag, named.orElseGet(() -> trees.of(text)));
        }

        private static Optional<Reference> parse(String text) {
            try {
                return Optional.of(Reference.parse(text));
            } catch (InvalidInputException id) {
                return Optional.empty();
            }
        }

        private static boolean isRepository(String text) {
            return text.indexOf('@') < 0 && text.lastIndexOf(':') <= text.lastIndexOf('/');
        }

        private List<Reference> tags(Reference repository) {
            return images.list().stream()
                    .flatMap(image -> image.references().stream())
                    .filter(reference -> reference.name().equals(repository.name())
                            && reference.digest().isEmpty())
                    .sorted()
                    .toList();
        }

        private void add(String text, Optional<Reference> name, ManifestTree tree) {
            List<Image> wanted = options.platform()
                    .map(platform -> List.of(images.resolve(text, platform)))
                    .orElseGet(tree::images);
            List<SavedImage> parts = wanted.stream().map(this::saved).toList();
            Image first = Platform.host().best(wanted, Image::platform).orElseGet(wanted::getFirst);
            List<Reference> own = names.computeIfAbsent(first.id(), _ -> new ArrayList<>());
            name.filter(one -> !own.contains(one)).ifPresent(own::add);
            boolean whole = options.platform().isEmpty()
                    && tree.isIndex()
                    && tree.isComplete()
                    && parts.stream().allMatch(SavedImage::asStored)
                    && tree.members().stream()
                            .allMatch(member -> member.image().isPresent() || member.kind() == Kind.ATTESTATION);
            if (whole) {
                tree.members().stream()
                        .filter(member -> member.image().isEmpty())
                        .forEach(member -> attach(member.entry().descriptor()));
                documents.put(tree.root().digest(), tree.bytes());
                entry(tree.root(), null, first, name);
            } else {
                parts.forEach(part -> entry(part.descriptor(), part.image().platform(), part.image(), name));
            }
        }

        private SavedImage saved(Image image) {
            return saved.computeIfAbsent(image.manifest(), _ -> SavedImage.of(image, content, snapshotter, lease));
        }

        /** Provenance and the like: a manifest whose layers are documents. */
        private void attach(Descriptor descriptor) {
            byte[] bytes = content.read(descriptor.digest(), ImageStore.MAX_CONFIG);
            Manifest manifest = CanonicalJson.read(bytes, Manifest.class, "the manifest " + descriptor.digest());
            documents.put(descriptor.digest(), bytes);
            attached.add(manifest.config());
            attached.addAll(manifest.layers());
        }

        private void entry(Descriptor target, Platform platform, Image image, Optional<Reference> name) {
            ImageIndex.Entry entry = new ImageIndex.Entry(
                    target.mediaType(),
                    target.digest(),
                    target.size(),
                    platform,
                    ArchiveNames.annotations(image.config().created(), name));
            if (!entries.contains(entry)) {
                entries.add(entry);
            }
        }

        void write(EntrySink sink) throws IOException {
            LayoutWriter layout = new LayoutWriter(sink);
            layout.mark();
            layout.index(CanonicalJson.write(new ImageIndex(2, MediaTypes.INDEX, entries)));
            if (options.format() == ArchiveOptions.Format.DOCKER) {
                layout.file(ArchiveFiles.DOCKER_MANIFEST, CanonicalJson.write(loadable()));
            }
            layout.folders();
            for (SavedImage image : saved.values()) {
                documents.putIfAbsent(image.descriptor().digest(), image.manifest());
                documents.putIfAbsent(image.image().id(), image.config());
            }
            for (var document : documents.entrySet()) {
                layout.blob(document.getKey(), document.getValue());
            }
            for (LayerBlob blob : blobs()) {
                layout.blob(blob);
            }
            layout.finish();
        }

        /** What is not a document: each once, although images share layers. */
        private Collection<LayerBlob> blobs() {
            SequencedMap<Digest, LayerBlob> distinct = new LinkedHashMap<>();
            for (Descriptor blob : attached) {
                distinct.putIfAbsent(blob.digest(), LayerBlob.stored(blob, content));
            }
            saved.values().stream()
                    .flatMap(image -> image.layers().stream())
                    .forEach(layer -> distinct.putIfAbsent(layer.descriptor().digest(), layer));
            documents.keySet().forEach(distinct::remove);
            return distinct.values();
        }

        private List<DockerManifest> loadable() {
            return saved.values().stream()
                    .filter(part -> names.containsKey(part.image().id()))
                    .map(part -> DockerManifest.of(
                            part.image().id(),
                            names.get(part.image().id()),
                            part.layers().stream().map(LayerBlob::descriptor).toList()))
                    .toList();
        }
    }
}

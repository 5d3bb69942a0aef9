package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.ManifestTree.Kind;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.TreeDraft;
import dev.wherry.daemon.image.archive.ArchiveFiles.StoredFile;
import dev.wherry.daemon.image.pull.LayerFetch;
import dev.wherry.daemon.image.pull.PullProgress;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** The images that the files of an archive make. All are checked and unpacked before the first is stored. */
final class ArchiveImages {

    private final ArchiveFiles files;
    private final PlainLayers layers;
    private final Optional<Platform> platform;
    private final ImageStore images;
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Lease lease;
    private final Map<Digest, SequencedSet<Reference>> dockerNames = new LinkedHashMap<>();

    ArchiveImages(
            ArchiveFiles files,
            PlainLayers layers,
            Optional<Platform> platform,
            ImageStore images,
            ContentStore content,
            Snapshotter snapshotter,
            Lease lease) {
        this.files = files;
        this.layers = layers;
        this.platform = platform;
        this.images = images;
        this.content = content;
        this.snapshotter = snapshotter;
        this.lease = lease;
    }

    /**
     * An index or a manifest with the images that it stands for.
     *
     * @param called what the archive's index calls it, though that is no reference; may be empty
     */
    private record Root(
            Descriptor document, List<TreeDraft.Part> parts, SequencedSet<Reference> names, String called) {}

    List<LoadedImage> store() {
        Optional<byte[]> index = files.document(ImageLayout.INDEX);
        Optional<byte[]> docker = files.document(ArchiveFiles.DOCKER_MANIFEST);
        if (index.isEmpty() && docker.isEmpty()) {
            throw new CorruptContentException(
                    "this is no archive of images: it has neither index.json nor manifest.json");
        }
        List<DockerManifest> listed = docker.map(ArchiveImages::dockerManifests).orElse(List.of());
        List<Root> roots = index.isPresent() ? ofIndex(index.get(), listed) : ofDocker(listed);
        if (roots.isEmpty()) {
            throw platform.map(ArchiveImages::noneFor)
                    .orElseGet(() -> new NotFoundException("image", "", "the archive has no image"));
        }
        // What no image took need not reach the disk with the images.
        layers.close();
        List<LoadedImage> loaded = new ArrayList<>();
        roots.forEach(root -> loaded.addAll(store(root)));
        return loaded;
    }

    private static RuntimeException noneFor(Platform platform) {
        return new NotFoundException("image", "", "the archive has no image for " + platform);
    }

    private static List<DockerManifest> dockerManifests(byte[] bytes) {
        return List.of(CanonicalJson.read(bytes, DockerManifest[].class, "manifest.json of the archive"));
    }

    private List<LoadedImage> store(Root root) {
        SequencedSet<Reference> names = new LinkedHashSet<>(root.names());
        root.parts().stream()
                .flatMap(part -> part.image().stream())
                .forEach(image -> names.addAll(dockerNames.getOrDefault(image.id(), new LinkedHashSet<>())));
        List<Reference> references = List.copyOf(names);
        TreeDraft.Part first = root.parts().getFirst();
        Image stored = MediaTypes.isIndex(root.document().mediaType())
                ? images.store(new TreeDraft(root.document(), root.parts()), references, "load")
                : images.store(first.image().orElseThrow(), first.blobs(), references, "load");
        return references.isEmpty()
                ? List.of(new LoadedImage(Optional.empty(), stored.id(), root.called()))
                : references.stream()
                        .map(name -> LoadedImage.named(name, stored.id()))
                        .toList();
    }

    private List<Root> ofIndex(byte[] bytes, List<DockerManifest> docker) {
        for (DockerManifest image : docker) {
            if (image != null && image.config() != null) {
                dockerNames
                        .computeIfAbsent(files.file(image.config()).digest(), _ -> new LinkedHashSet<>())
                        .addAll(image.references());
            }
        }
        ImageIndex index = CanonicalJson.read(bytes, ImageIndex.class, "index.json of the archive");
        Map<Digest, ImageIndex.Entry> documents = new LinkedHashMap<>();
        Map<Digest, SequencedSet<Reference>> names = new LinkedHashMap<>();
        for (ImageIndex.Entry entry : index.entries()) {
            documents.putIfAbsent(entry.digest(), entry);
            SequencedSet<Reference> own = names.computeIfAbsent(entry.digest(), _ -> new LinkedHashSet<>());
            ArchiveNames.of(entry).ifPresent(own::add);
        }
        List<Root> roots = new ArrayList<>();
        for (ImageIndex.Entry entry : documents.values()) {
            List<TreeDraft.Part> parts = parts(entry);
            if (!parts.isEmpty()) {
                roots.add(new Root(entry.descriptor(), parts, names.get(entry.digest()), ImageLayout.refName(entry)));
            }
        }
        // A name that several have means the one that runs best here: the last one to take it.
        roots.sort((one, other) -> Boolean.compare(runsHere(one), runsHere(other)));
        return roots;
    }

    private static boolean runsHere(Root root) {
        return root.parts().stream()
                .flatMap(part -> part.image().stream())
                .anyMatch(image -> Platform.host().runs(image.platform()));
    }

    /** What is here of an entry of the archive's index: nothing for what is no image, or not for the platform. */
    private List<TreeDraft.Part> parts(ImageIndex.Entry entry) {
        if (MediaTypes.isManifest(entry.mediaType())) {
            return platform.isPresent()
                            && entry.platform() != null
                            && !platform.get().runs(entry.platform())
                    ? List.of()
                    : ofPlatform(image(entry.digest()));
        }
        if (!MediaTypes.isIndex(entry.mediaType())) {
            throw new UnsupportedException(
                    "the archive has something of type \"" + entry.mediaType() + "\", which is no image");
        }
        ImageIndex index =
                CanonicalJson.read(document(entry.digest()), ImageIndex.class, "the index " + entry.digest());
        List<ImageIndex.Entry> here = index.entries().stream()
                .filter(member -> isHere(member.digest()))
                .toList();
        List<ImageIndex.Entry> wanted = platform.isEmpty()
                ? here
                : platform
                        .get()
                        .best(
                                here.stream()
                                        .filter(member -> member.platform() != null)
                                        .toList(),
                                ImageIndex.Entry::platform)
                        .stream()
                        .toList();
        // An index may list a manifest any number of times.
        Map<Digest, TreeDraft.Part> parts = new LinkedHashMap<>();
        for (ImageIndex.Entry member : wanted) {
            if (member.kind() == Kind.IMAGE) {
                parts.computeIfAbsent(member.digest(), this::image);
            } else if (member.kind() == Kind.ATTESTATION) {
                parts.computeIfAbsent(member.digest(), this::attestation);
            }
        }
        boolean anyImage = parts.values().stream().anyMatch(part -> part.image().isPresent());
        if (!anyImage && index.isOfIndexes()) {
            throw new UnsupportedException(
                    "the archive has an index of further indexes, which cannot be loaded: " + entry.digest());
        }
        if (!anyImage && platform.isEmpty()) {
            throw new CorruptContentException("the archive has no image of the index " + entry.digest());
        }
        return anyImage ? List.copyOf(parts.values()) : List.of();
    }

    private List<TreeDraft.Part> ofPlatform(TreeDraft.Part part) {
        Platform own = part.image().orElseThrow().platform();
        return platform.isPresent() && !platform.get().runs(own) ? List.of() : List.of(part);
    }

    private TreeDraft.Part attestation(Digest digest) {
        Manifest manifest = CanonicalJson.read(document(digest), Manifest.class, "the manifest " + digest);
        List<Digest> blobs = new ArrayList<>(List.of(digest));
        if (manifest.config() != null && isHere(manifest.config().digest())) {
            blobs.add(manifest.config().digest());
        }
        for (Descriptor layer : Optional.ofNullable(manifest.layers()).orElse(List.of())) {
            if (layer != null && isHere(layer.digest())) {
                blobs.add(layer.digest());
            }
        }
        return new TreeDraft.Part(digest, Optional.empty(), blobs);
    }

    private TreeDraft.Part image(Digest digest) {
        return image(digest, Manifest.ofImage(document(digest), "the manifest " + digest));
    }

    private TreeDraft.Part image(Digest digest, Manifest manifest) {
        Digest id = manifest.config().digest();
        require(id, "config");
        ImageConfig config =
                CanonicalJson.read(content.read(id, ImageStore.MAX_CONFIG), ImageConfig.class, "the config " + id);
        List<Digest> diffIds = config.diffIds(manifest, "the config " + id);
        manifest.requireFewLayers("the image " + id);
        int placed = place(manifest, diffIds);
        List<Digest> blobs = new ArrayList<>(List.of(id, digest));
        for (int i = 0; i < diffIds.size(); i++) {
            Digest layer = manifest.layers().get(i).digest();
            if (i < placed ? isKept(layer) : isHere(layer)) {
                blobs.add(layer);
            } else if (i >= placed) {
                throw lacks(layer, "layer");
            }
        }
        Optional<SnapshotId> top = new LayerFetch(BlobProvider.HERE, content, snapshotter, lease, PullProgress.NONE)
                .run(manifest.layers(), diffIds);
        long size = top.map(snapshotter::size).orElse(0L);
        return new TreeDraft.Part(digest, Optional.of(new Image(id, digest, config, top, size)), blobs);
    }

    /** Puts the lowest layers of an image on each other, as far as they are unpacked; returns how many are. */
    private int place(Manifest manifest, List<Digest> diffIds) {
        Optional<SnapshotId> top = Optional.empty();
        for (int i = 0; i < diffIds.size(); i++) {
            Digest diffId = diffIds.get(i);
            Optional<SnapshotId> next =
                    manifest.layers().get(i).digest().equals(diffId) ? layers.place(diffId, top) : Optional.empty();
            top = next.isPresent() ? next : snapshotter.find(lease, diffIds.subList(0, i + 1));
            if (top.isEmpty()) {
                return i;
            }
        }
        return diffIds.size();
    }

    private boolean isHere(Digest digest) {
        return lease.holdIf(digest, () -> content.contains(digest)) || layers.publish(digest);
    }

    /** Whether the blob of a layer is to stay although its files are here. */
    private boolean isKept(Digest layer) {
        return lease.holdIf(layer, () -> content.contains(layer)) || layers.publishUnlessGiven(layer);
    }

    private void require(Digest digest, String kind) {
        if (!isHere(digest)) {
            throw lacks(digest, kind);
        }
    }

    private static CorruptContentException lacks(Digest digest, String kind) {
        return new CorruptContentException("the archive lacks the " + kind + " " + digest);
    }

    private byte[] document(Digest digest) {
        require(digest, "manifest");
        return content.read(digest, ImageStore.MAX_DOCUMENT);
    }

    /** Images that an older docker, or a tool that writes as it did, saved: they have no manifests and get some. */
    private List<Root> ofDocker(List<DockerManifest> listed) {
        List<Root> roots = new ArrayList<>();
        for (DockerManifest image : listed) {
            if (image == null || image.config() == null || image.layers() == null) {
                throw new CorruptContentException("manifest.json of the archive is malformed");
            }
            StoredFile config = files.file(image.config());
            List<Descriptor> layers = image.layers().stream().map(this::layer).toList();
            Manifest manifest = new Manifest(
                    MediaTypes.MANIFEST,
                    new Descriptor(MediaTypes.CONFIG, config.digest(), config.size()),
                    layers,
                    Map.of());
            byte[] bytes = CanonicalJson.write(manifest);
            Digest digest = lease.hold(() -> content.put(bytes));
            List<TreeDraft.Part> parts = ofPlatform(image(digest, manifest));
            if (!parts.isEmpty()) {
                Descriptor document = new Descriptor(MediaTypes.MANIFEST, digest, bytes.length);
                roots.add(new Root(document, parts, new LinkedHashSet<>(image.references()), ""));
            }
        }
        return roots;
    }

    private Descriptor layer(String name) {
        if (name == null) {
            throw new CorruptContentException("manifest.json of the archive is malformed");
        }
        StoredFile file = files.file(name);
        return new Descriptor(file.compression().mediaType(true), file.digest(), file.size());
    }
}

package dev.wherry.daemon.image;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.ManifestTree.Kind;
import dev.wherry.daemon.image.ManifestTree.Member;
import dev.wherry.daemon.metadata.Database;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What references point to: indexes, and the manifests and images that are here of them. */
@Singleton
public final class ManifestTrees {

    /** Larger documents are not accepted from a registry. */
    private final Database database;

    private final ContentStore content;
    private final ImageStore images;

    public ManifestTrees(Database database, ContentStore content, ImageStore images) {
        this.database = database;
        this.content = content;
        this.images = images;
    }

    /** What is known of a tree without reading its documents. */
    private record Found(Digest image, Optional<Digest> tree, String mediaType, List<ManifestTreeTable.Part> parts) {}

    /**
     * What the user's text points to; see {@link ImageStore#resolve(String)}. An image's ID means the tree of a reference
     * that stands for the image, or else the image's own manifest.
     *
     * @throws NotFoundException when there is no such image
     */
    public ManifestTree of(String nameOrId) {
        return read(
                database.read(connection -> found(connection, ImageLookup.of(new ImageTable(connection), nameOrId))));
    }

    /** What the reference points to; empty when there is no such reference. */
    public Optional<ManifestTree> find(Reference reference) {
        return database.read(connection -> {
                    Optional<ImageLookup> lookup = ImageLookup.byReference(new ImageTable(connection), reference);
                    return lookup.isEmpty() ? Optional.<Found>empty() : Optional.of(found(connection, lookup.get()));
                })
                .map(this::read);
    }

    /** What the first of an image's references points to, or else the image's own manifest. */
    public ManifestTree of(ImageSummary summary) {
        Optional<ManifestTree> referenced =
                summary.references().stream().findFirst().flatMap(this::find);
        return referenced.orElseGet(() -> alone(summary.image()));
    }

    /** Bytes of the blobs that are here of a manifest: the manifest itself, its config, and its layers. */
    public long contentBytes(Member member) {
        if (!member.here() || !MediaTypes.isManifest(member.entry().mediaType())) {
            return 0;
        }
        byte[] bytes = content.read(member.entry().digest(), ImageStore.MAX_DOCUMENT);
        Manifest manifest = CanonicalJson.read(
                bytes, Manifest.class, "the manifest " + member.entry().digest());
        Stream<Descriptor> named = Stream.concat(
                Stream.ofNullable(manifest.config()),
                Optional.ofNullable(manifest.layers()).orElse(List.of()).stream());
        return bytes.length
                + named.distinct()
                        .filter(blob -> content.contains(blob.digest()))
                        .mapToLong(Descriptor::size)
                        .sum();
    }

    /** Whether a container was created from the image. */
    public boolean isUsed(Image image) {
        return database.read(
                connection -> !new ImageTable(connection).users(image.id()).isEmpty());
    }

    private static Found found(java.sql.Connection connection, ImageLookup lookup) throws SQLException {
        ManifestTreeTable trees = new ManifestTreeTable(connection);
        Digest image = lookup.image().id();
        Optional<Digest> tree = lookup.tree(trees);
        return tree.isEmpty()
                ? new Found(image, tree, "", List.of())
                : new Found(image, tree, trees.mediaType(tree.get()).orElseThrow(), trees.parts(tree.get()));
    }

    private ManifestTree read(Found found) {
        if (found.tree.isEmpty()) {
            return alone(
                    images.find(found.image).orElseThrow(() -> new NotFoundException("image", found.image.toString())));
        }
        Digest digest = found.tree.get();
        byte[] bytes = content.read(digest, ImageStore.MAX_DOCUMENT);
        Descriptor root = new Descriptor(found.mediaType, digest, bytes.length);
        Map<Digest, ManifestTreeTable.Part> parts =
                found.parts.stream().collect(Collectors.toMap(ManifestTreeTable.Part::manifest, Function.identity()));
        if (!MediaTypes.isIndex(root.mediaType())) {
            Optional<Image> image = parts.get(digest).image().flatMap(images::find);
            return new ManifestTree(root, bytes, List.of(member(root, image)));
        }
        ImageIndex index = CanonicalJson.read(bytes, ImageIndex.class, "the index " + digest);
        return new ManifestTree(
                root,
                bytes,
                index.entries().stream()
                        .map(entry -> member(entry, Optional.ofNullable(parts.get(entry.digest()))))
                        .toList());
    }

    private Member member(ImageIndex.Entry entry, Optional<ManifestTreeTable.Part> part) {
        Optional<Image> image = part.flatMap(ManifestTreeTable.Part::image).flatMap(images::find);
        return new Member(entry, image.isPresent() ? Kind.IMAGE : entry.kind(), image, part.isPresent());
    }

    private ManifestTree alone(Image image) {
        byte[] bytes = content.read(image.manifest(), ImageStore.MAX_DOCUMENT);
        String mediaType = Optional.ofNullable(
                        CanonicalJson.read(bytes, Manifest.class, "the manifest of image " + image.id())
                                .mediaType())
                .orElse(MediaTypes.MANIFEST);
        Descriptor root = new Descriptor(mediaType, image.manifest(), bytes.length);
        return new ManifestTree(root, bytes, List.of(member(root, Optional.of(image))));
    }

    private static Member member(Descriptor root, Optional<Image> image) {
        Platform platform = image.map(Image::platform).orElse(null);
        return new Member(
                new ImageIndex.Entry(root.mediaType(), root.digest(), root.size(), platform, null),
                Kind.IMAGE,
                image,
                true);
    }
}

package dev.wherry.daemon.image;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.image.ImageConfig.History;
import dev.wherry.daemon.image.ImageTable.Row;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The images that are here. An image is stored by a pull, an import or a build: first its blobs and snapshots are on
 * disk, then one transaction makes it visible together with its references. An image never changes; a reference can
 * move to another image, and one that lost its last reference stays, dangling, until it is removed. Removing an image
 * takes its row; its blobs and snapshots go with it unless something else holds them. A container keeps the snapshot it
 * was created on, so it can outlive its image.
 *
 * <p>A reference may point to an index, of which images for one or more platforms are here: a {@link ManifestTree}. The
 * reference then stands for the image that runs best on this host, and for another one where a platform is asked for.
 * The images of a tree stay as long as a reference points to it.
 */
@Singleton
public final class ImageStore {

    /** Larger ones are not accepted from a registry. */
    public static final int MAX_CONFIG = 8 << 20;

    /** Longest index or manifest: as much as the distribution specification recommends registries to take. */
    public static final int MAX_DOCUMENT = 4 << 20;

    /** Enough for all images of most hosts, since a list of the images reads them all. */
    private static final int CACHED_CONFIGS = 4096;

    private static final long COLLECTIONS_APART = TimeUnit.SECONDS.toNanos(1);

    private final Database database;
    private final ContentStore content;
    private final Snapshotter snapshotter;
    private final Leases leases;
    private final ImageEvents events;
    /** When all content was last looked through. */
    private final AtomicLong collected = new AtomicLong(System.nanoTime() - COLLECTIONS_APART);

    /** Parsed configs by image ID; they cannot become stale, as the ID is their digest. */
    private final Map<Digest, ImageConfig> configs = new ConcurrentHashMap<>();

    /** What manifests say of layers, by image ID and diff ID. */
    private final Map<Digest, Map<Digest, Descriptor>> layers = new ConcurrentHashMap<>();

    public ImageStore(Database database, ContentStore content, Snapshotter snapshotter, Leases leases) {
        this(database, content, snapshotter, leases, new Events(database));
    }

    @Inject
    ImageStore(Database database, ContentStore content, Snapshotter snapshotter, Leases leases, Events events) {
        this.events = new ImageEvents(events);
        this.database = database;
        this.content = content;
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    /**
     * The image that the user means: by reference, by {@code name@digest}, by ID, or by a unique beginning of an ID with
     * at least four hexadecimal digits. A reference goes before the beginning of an ID.
     *
     * @throws NotFoundException when there is none
     * @throws InvalidInputException when the text can name none, or several
     */
    public Image resolve(String nameOrId) {
        return image(database.read(connection ->
                ImageLookup.of(new ImageTable(connection), nameOrId).image()));
    }

    /**
     * As above, the image for a platform.
     *
     * @throws NotFoundException also when there is none for the platform
     */
    public Image resolve(String nameOrId, Platform platform) {
        List<Image> candidates = database
                .read(connection -> candidates(connection, ImageLookup.of(new ImageTable(connection), nameOrId)))
                .stream()
                .map(this::image)
                .toList();
        return platform.best(candidates, Image::platform).orElseThrow(() -> notFor(nameOrId, platform));
    }

    /** As above, of whichever platform where none is given. */
    public Image resolve(String nameOrId, Optional<Platform> platform) {
        return platform.map(wanted -> resolve(nameOrId, wanted)).orElseGet(() -> resolve(nameOrId));
    }

    /** What to throw when an image is here, but not for the platform that was asked for. */
    public static NotFoundException notFor(String nameOrId, Platform platform) {
        return new NotFoundException(
                "image",
                nameOrId,
                "image with reference " + nameOrId + " was found but does not provide the specified platform ("
                        + platform + ")");
    }

    /** The images that a name stands for: one, or those of a tree. */
    private static List<Row> candidates(Connection connection, ImageLookup lookup) throws SQLException {
        Optional<Digest> tree = lookup.tree(new ManifestTreeTable(connection));
        return tree.isPresent() ? new ImageTable(connection).ofTree(tree.get()) : List.of(lookup.image());
    }

    /** The image that carries the reference, or was pulled by its digest. */
    public Optional<Image> find(Reference reference) {
        return database.read(connection -> ImageLookup.byReference(new ImageTable(connection), reference))
                .map(lookup -> image(lookup.image()));
    }

    /** As above, the one that runs best on a platform. */
    public Optional<Image> find(Reference reference, Platform platform) {
        return platform.best(all(reference), Image::platform);
    }

    /** All images that the reference stands for, one a platform; empty when there is no such reference. */
    public List<Image> all(Reference reference) {
        return database
                .read(connection -> {
                    Optional<ImageLookup> lookup = ImageLookup.byReference(new ImageTable(connection), reference);
                    return lookup.isPresent() ? candidates(connection, lookup.get()) : List.<Row>of();
                })
                .stream()
                .map(this::image)
                .toList();
    }

    /** The image with that ID. */
    public Optional<Image> find(Digest id) {
        return database.read(connection -> new ImageTable(connection).byId(id)).map(this::image);
    }

    /** All images, newest first. */
    public List<ImageSummary> list() {
        record Listed(Row row, List<ImageName> names) {}
        List<Listed> all = database.read(connection -> {
            ImageTable table = new ImageTable(connection);
            Map<Digest, List<ImageName>> names = table.names();
            return table.newestFirst().stream()
                    .map(row -> new Listed(row, names.getOrDefault(row.id(), List.of())))
                    .toList();
        });
        return all.stream().map(listed -> summary(listed.row, listed.names)).toList();
    }

    private ImageSummary summary(Row row, List<ImageName> names) {
        return new ImageSummary(image(row), names, Timestamps.ofNanos(row.created()));
    }

    /** What the layers of all images take; a layer that several images have is counted once. */
    public FileTrees.Use layerUse() {
        Map<SnapshotId, Long> layers = database.read(connection -> new ImageTable(connection).layers());
        long bytes = layers.values().stream().mapToLong(Long::longValue).sum();
        return new FileTrees.Use(bytes, snapshotter.inodes(layers.keySet()));
    }

    /** The instructions that made the image, newest first. */
    public List<HistoryEntry> history(Image image) {
        List<History> made = Optional.ofNullable(image.config().history()).orElse(List.of());
        Iterator<SnapshotId> layers =
                image.snapshot().map(snapshotter::chain).orElse(List.of()).iterator();
        List<HistoryEntry> entries = new ArrayList<>();
        for (History step : made) {
            boolean empty = Boolean.TRUE.equals(step.emptyLayer());
            long size = empty || !layers.hasNext()
                    ? 0
                    : snapshotter.diff(layers.next()).size();
            boolean newest = entries.size() == made.size() - 1;
            entries.addFirst(new HistoryEntry(
                    newest ? Optional.of(image.id()) : Optional.empty(),
                    Timestamps.parse(step.created()),
                    Optional.ofNullable(step.createdBy()).orElse(""),
                    size,
                    Optional.ofNullable(step.comment()).orElse(""),
                    empty));
        }
        return entries;
    }

    /** The names of the image that the user means; whatever platform, those of the whole tree. */
    public List<ImageName> names(String nameOrId) {
        return database.read(connection -> {
            ImageTable table = new ImageTable(connection);
            return table.names(ImageLookup.of(table, nameOrId).image().id());
        });
    }

    /** The names of an image, sorted. */
    public List<ImageName> names(Image image) {
        return database.read(connection -> new ImageTable(connection).names(image.id()));
    }

    /**
     * Gives an image one more reference, taking it from another image where need be. The new reference stands for the
     * images of all platforms that the name stands for.
     *
     * @throws InvalidInputException when the reference has a digest
     * @throws NotFoundException when there is no such image
     */
    public void tag(String nameOrId, Reference target) {
        requireTag(target);
        requireNames(List.of(target));
        events.publish(database.write(connection -> {
            ImageTable table = new ImageTable(connection);
            ManifestTreeTable trees = new ManifestTreeTable(connection);
            ImageLookup lookup = ImageLookup.of(table, nameOrId);
            Digest image = lookup.image().id();
            table.point(target, image, Optional.empty(), lookup.tree(trees));
            trees.dropUnreferenced();
            return events.tagged(connection, image, List.of(target));
        }));
    }

    /** The caller may give these names to images. */
    private static void requireNames(List<Reference> names) {
        Caller caller = Caller.current();
        names.forEach(name -> caller.requireRepository(name.name()));
    }

    private static void requireTag(Reference target) {
        if (target.digest().isPresent()) {
            throw new InvalidInputException("cannot tag an image as " + target.familiar() + ": a tag has no digest");
        }
    }

    /**
     * Removes what the user named, as docker does: a reference, and with the last one the image; or, by ID, the image
     * with all its references.
     *
     * @param force although containers that do not run were created from it, or references of several repositories would
     *     go
     * @return what happened, in order
     * @throws ConflictException when a container or another reference stands against it
     * @throws NotFoundException when there is no such image
     */
    public List<RemovedItem> remove(String nameOrId, boolean force) {
        return remove(nameOrId, Optional.empty(), force);
    }

    /**
     * As above, or only the image for a platform; its references stay as long as they stand for others.
     *
     * @throws NotFoundException also when there is none for the platform
     */
    public List<RemovedItem> remove(String nameOrId, Optional<Platform> platform, boolean force) {
        if (!Caller.current().repositories().isEmpty()) {
            // By ID, an image would go with all its names.
            requireNames(List.of(Reference.parse(nameOrId)));
        }
        List<Event> told = new ArrayList<>();
        Set<Digest> released = new HashSet<>();
        List<RemovedItem> removed = database.write(connection -> {
            ImageTable table = new ImageTable(connection);
            ManifestTreeTable trees = new ManifestTreeTable(connection);
            ImageLookup lookup = ImageLookup.of(table, nameOrId);
            ImageRemoval removal = new ImageRemoval(table, trees, nameOrId, force, this::representative);
            Digest image = lookup.image().id();
            Optional<Digest> tree = lookup.tree(trees);
            if (platform.isPresent()) {
                image = candidates(connection, lookup).stream()
                        .filter(row -> config(row.id()).platform().equals(platform.get()))
                        .findFirst()
                        .orElseThrow(() -> notFor(nameOrId, platform.get()))
                        .id();
            }
            List<RemovedItem> removals = platform.isPresent() && tree.isPresent()
                    ? removal.run(lookup, tree.get(), image)
                    : removal.run(lookup);
            released.addAll(removal.released());
            told.addAll(events.removed(connection, image, removals));
            return removals;
        });
        events.publish(told);
        forget(removed);
        collect(released);
        snapshotter.collectInBackground();
        return removed;
    }

    /**
     * Removes what the images alone held. Who removes images one after the other looks through all content with the first
     * one only, which also takes what a pull left that was killed.
     */
    private void collect(Set<Digest> released) {
        long now = System.nanoTime();
        if (now - collected.get() < COLLECTIONS_APART) {
            content.collect(released);
        } else {
            content.collect();
            collected.set(now);
        }
    }

    private void forget(List<RemovedItem> removed) {
        for (RemovedItem removal : removed) {
            if (removal instanceof RemovedItem.Deleted(Digest image)) {
                configs.remove(image);
                layers.remove(image);
            }
        }
    }

    /**
     * Removes those of the images that no container uses and whose names are still the same, with all that only they held;
     * returns when the files are gone.
     */
    public PrunedImages prune(List<ImageSummary> chosen) {
        List<Event> told = new ArrayList<>();
        List<RemovedItem> removed = database.write(connection -> {
            ImageTable table = new ImageTable(connection);
            ManifestTreeTable trees = new ManifestTreeTable(connection);
            Set<Digest> used = table.containersByImage().keySet();
            List<RemovedItem> all = new ArrayList<>();
            for (ImageSummary summary : chosen) {
                Digest image = summary.image().id();
                List<RemovedItem> removals = new ImageRemoval(
                                table, trees, image.toString(), true, this::representative)
                        .prune(image, summary.references(), used);
                told.addAll(events.removed(connection, image, removals));
                all.addAll(removals);
            }
            return all;
        });
        events.publish(told);
        forget(removed);
        return new PrunedImages(removed, content.collect() + snapshotter.collect());
    }

    /**
     * Stores an image made here and points the tags at it. Its manifest describes the layers uncompressed; there are no
     * blobs of them, since the snapshots hold their bytes. The caller's lease holds the snapshots.
     *
     * @param config its {@code rootfs} is set from the layers
     * @param layers bottom first; {@code top} is the last one's snapshot
     */
    public Image commit(ImageConfig config, Optional<SnapshotId> top, List<LayerDiff> layers, List<Reference> tags) {
        return commit(ImageDraft.of(config, top, layers, Map.of(), Map.of()), tags, "import");
    }

    /** As above, for an image that has been drawn up. */
    public Image commit(ImageDraft draft, List<Reference> tags) {
        return commit(draft, tags, "");
    }

    /**
     * As above.
     *
     * @param action what users are told of besides the tags, such as "build"; empty for nothing
     */
    public Image commit(ImageDraft draft, List<Reference> tags, String action) {
        tags.forEach(ImageStore::requireTag);
        try (Lease lease = leases.open()) {
            Image image = hold(draft, lease);
            return store(
                    image,
                    blobs(draft, image),
                    tags,
                    Optional.empty(),
                    connection -> events.made(connection, image, action, tags));
        }
    }

    /** Brings config and manifest into the content store. */
    private Image hold(ImageDraft draft, Lease lease) {
        lease.hold(() -> content.put(draft.configBytes()));
        Digest manifest = lease.hold(() -> content.put(draft.manifestBytes()));
        return new Image(draft.id(), manifest, draft.config(), draft.top(), draft.size());
    }

    private static List<Digest> blobs(ImageDraft draft, Image image) {
        List<Digest> blobs = new ArrayList<>(draft.blobs());
        blobs.addAll(List.of(image.id(), image.manifest()));
        return blobs;
    }

    /** Of the images of a tree the one that its references stand for. */
    private Digest representative(List<Row> images) {
        return Platform.host()
                .best(images, row -> config(row.id()).platform())
                .orElseGet(images::getFirst)
                .id();
    }

    /** The blobs that layers of an image came in, by their diff IDs, as far as they are here; held by the lease. */
    public Map<Digest, Descriptor> layerBlobs(Image image, Lease lease) {
        Map<Digest, Descriptor> here = new HashMap<>();
        described(image, lease).forEach((diffId, layer) -> {
            if (lease.holdIf(layer.digest(), () -> content.contains(layer.digest()))) {
                here.put(diffId, layer);
            }
        });
        return here;
    }

    /** How the manifest of an image describes its layers, by their diff IDs. */
    private Map<Digest, Descriptor> described(Image image, Lease lease) {
        Map<Digest, Descriptor> known = layers.get(image.id());
        if (known != null) {
            return known;
        }
        Map<Digest, Descriptor> described = new HashMap<>();
        List<Digest> diffIds = image.config().diffIds();
        boolean here = lease.holdIf(image.manifest(), () -> content.contains(image.manifest()));
        if (here && !diffIds.isEmpty()) {
            byte[] bytes = content.read(image.manifest(), MAX_CONFIG);
            List<Descriptor> all = CanonicalJson.read(bytes, Manifest.class, "the manifest of image " + image.id())
                    .layers();
            for (int i = 0; i < Math.min(all.size(), diffIds.size()); i++) {
                described.put(diffIds.get(i), all.get(i));
            }
        }
        if (layers.size() >= CACHED_CONFIGS) {
            layers.clear();
        }
        layers.put(image.id(), described);
        return described;
    }

    /**
     * Makes the images of a tree visible, whose blobs and snapshots are here and held by the caller. What is here of the
     * same tree already stays.
     *
     * @param digest what the references point to in their registry
     * @return the image that the references stand for
     */
    public Image store(TreeDraft tree, List<Reference> references, Optional<Digest> digest) {
        return store(tree, references, digest, (connection, _) -> events.pulled(connection, references));
    }

    /**
     * As above, for a tree that came from no registry.
     *
     * @param action what users are told of besides the tags, such as "load"
     */
    public Image store(TreeDraft tree, List<Reference> references, String action) {
        return store(
                tree,
                references,
                Optional.empty(),
                (connection, image) -> events.made(connection, image, action, references));
    }

    /**
     * Stores images made here and points the tags at an index of them. Without tags, each image is on its own.
     *
     * @param action what users are told of besides the tags, such as "build"; empty for nothing
     * @return the image that the tags stand for
     */
    public Image commit(IndexDraft index, List<Reference> tags, String action) {
        tags.forEach(ImageStore::requireTag);
        try (Lease lease = leases.open()) {
            List<TreeDraft.Part> parts = new ArrayList<>();
            for (ImageDraft draft : index.images()) {
                Image image = hold(draft, lease);
                parts.add(new TreeDraft.Part(image.manifest(), Optional.of(image), blobs(draft, image)));
            }
            IndexDraft.Documents documents = index.documents(tags);
            for (AttestationDraft.Documents attestation : documents.attestations()) {
                List<Digest> blobs = attestation.all().stream()
                        .map(document -> lease.hold(() -> content.put(document)))
                        .toList();
                parts.add(new TreeDraft.Part(blobs.getFirst(), Optional.empty(), blobs));
            }
            byte[] bytes = documents.index();
            Digest digest = lease.hold(() -> content.put(bytes));
            TreeDraft tree = new TreeDraft(new Descriptor(MediaTypes.INDEX, digest, bytes.length), parts);
            return store(
                    tree, tags, Optional.empty(), (connection, image) -> events.made(connection, image, action, tags));
        }
    }

    private interface Telling {
        List<Event> of(Connection connection, Image image) throws SQLException;
    }

    private Image store(TreeDraft tree, List<Reference> references, Optional<Digest> digest, Telling telling) {
        requireNames(references);
        snapshotter.sync();
        tree.parts().forEach(part -> part.image().ifPresent(image -> remember(image.id(), image.config())));
        List<Event> told = new ArrayList<>();
        Image stored = database.write(connection -> {
            ImageTable table = new ImageTable(connection);
            ManifestTreeTable trees = new ManifestTreeTable(connection);
            for (TreeDraft.Part part : tree.parts()) {
                if (part.image().isPresent()) {
                    insert(table, part.image().get(), part.blobs());
                }
            }
            trees.insert(tree);
            Digest root = tree.root().digest();
            Digest chosen = representative(table.ofTree(root));
            for (Reference reference : references) {
                table.point(reference, chosen, digest, Optional.of(root));
            }
            trees.represent(root, chosen);
            // The tree itself too, if it got no reference: its images are then on their own.
            trees.dropUnreferenced();
            Image image = image(table.byId(chosen).orElseThrow());
            told.addAll(telling.of(connection, image));
            return image;
        });
        events.publish(told);
        return stored;
    }

    private static void insert(ImageTable table, Image image, List<Digest> blobs) throws SQLException {
        long created = Timestamps.nanos(Timestamps.parse(image.config().created()));
        Row row = new Row(image.id(), image.manifest(), image.snapshot(), image.size(), created);
        table.insert(row, Timestamps.nanos(Instant.now()), blobs);
    }

    /**
     * Makes an image visible whose blobs and snapshots are here and held by the caller.
     *
     * @param blobs what it keeps in the content store
     * @param digest what the references point to in their registry
     */
    public Image store(Image image, List<Digest> blobs, List<Reference> references, Optional<Digest> digest) {
        return store(image, blobs, references, digest, connection -> events.pulled(connection, references));
    }

    /**
     * As above, for an image that came from no registry.
     *
     * @param action what users are told of besides the tags, such as "load"
     */
    public Image store(Image image, List<Digest> blobs, List<Reference> references, String action) {
        return store(
                image,
                blobs,
                references,
                Optional.empty(),
                connection -> events.made(connection, image, action, references));
    }

    private Image store(
            Image image,
            List<Digest> blobs,
            List<Reference> references,
            Optional<Digest> digest,
            Database.Work<List<Event>> telling) {
        requireNames(references);
        snapshotter.sync();
        List<Event> told = new ArrayList<>();
        Row stored = database.write(connection -> {
            ImageTable table = new ImageTable(connection);
            insert(table, image, blobs);
            for (Reference reference : references) {
                table.point(reference, image.id(), digest, Optional.empty());
            }
            new ManifestTreeTable(connection).dropUnreferenced();
            told.addAll(telling.with(connection));
            return table.byId(image.id()).orElseThrow();
        });
        events.publish(told);
        remember(image.id(), image.config());
        return image(stored);
    }

    private Image image(Row row) {
        return new Image(row.id(), row.manifest(), config(row.id()), row.snapshot(), row.size());
    }

    private ImageConfig config(Digest id) {
        ImageConfig known = configs.get(id);
        if (known == null) {
            known = CanonicalJson.read(content.read(id, MAX_CONFIG), ImageConfig.class, "the config of image " + id);
            remember(id, known);
        }
        return known;
    }

    private void remember(Digest id, ImageConfig config) {
        if (configs.size() >= CACHED_CONFIGS) {
            configs.clear();
        }
        configs.put(id, config);
    }
}

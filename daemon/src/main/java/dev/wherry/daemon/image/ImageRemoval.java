package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.image.ImageTable.User;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;

/** Decides what the removal of an image takes away, and does it. */
final class ImageRemoval {

    private final ImageTable images;
    private final ManifestTreeTable trees;
    private final String nameOrId;
    private final boolean force;
    private final Function<List<ImageTable.Row>, Digest> representative;
    private final List<RemovedItem> removed = new ArrayList<>();
    private final Set<Digest> released = new HashSet<>();

    /** @param representative chooses which image of a tree its references stand for */
    ImageRemoval(
            ImageTable images,
            ManifestTreeTable trees,
            String nameOrId,
            boolean force,
            Function<List<ImageTable.Row>, Digest> representative) {
        this.representative = representative;
        this.images = images;
        this.trees = trees;
        this.nameOrId = nameOrId;
        this.force = force;
    }

    /**
     * Removes references, and with the last one the image, or all images of the tree.
     *
     * @see ImageStore#remove
     */
    List<RemovedItem> run(ImageLookup lookup) throws SQLException {
        List<Reference> all = images.names(lookup.image().id()).stream()
                .map(ImageName::reference)
                .toList();
        boolean byName = !lookup.references().isEmpty();
        List<Reference> going = byName ? lookup.references() : all;
        if (!byName && !force && going.stream().map(Reference::name).distinct().count() > 1) {
            throw new ConflictException("conflict: unable to remove " + nameOrId
                    + ": several repositories refer to it: name one of its references, or use -f");
        }
        SequencedSet<Digest> candidates =
                new LinkedHashSet<>(List.of(lookup.image().id()));
        for (Reference reference : going) {
            Optional<Digest> tree = trees.of(reference);
            if (tree.isPresent()) {
                images.ofTree(tree.get()).forEach(row -> candidates.add(row.id()));
            }
            images.unname(reference);
            removed.add(new RemovedItem.Untagged(reference.familiar()));
        }
        released.addAll(trees.dropUnreferenced());
        for (Digest image : candidates) {
            boolean named = !images.names(image).isEmpty() || !going.isEmpty() && trees.has(image);
            if (!named && !isNeeded(image, byName)) {
                delete(image);
            }
        }
        return removed;
    }

    /** Removes one image of a tree; the last one goes with the references of the tree. */
    List<RemovedItem> run(ImageLookup lookup, Digest tree, Digest image) throws SQLException {
        if (images.ofTree(tree).size() == 1) {
            return run(new ImageLookup(lookup.image(), trees.references(tree)));
        }
        released.addAll(trees.remove(tree, image));
        trees.represent(tree, representative.apply(images.ofTree(tree)));
        if (images.names(image).isEmpty() && !trees.has(image) && !isNeeded(image, false)) {
            delete(image);
        }
        return removed;
    }

    /**
     * Removes an image with all its references, and with them the images of their trees, unless a container uses one of
     * these, or the references are others by now. An image without references of its own that belongs to a tree goes with
     * the tree.
     *
     * @param used by containers
     */
    List<RemovedItem> prune(Digest image, List<Reference> expected, Set<Digest> used) throws SQLException {
        List<Reference> references =
                images.names(image).stream().map(ImageName::reference).toList();
        boolean same = images.byId(image).isPresent() && references.equals(expected);
        if (!same || references.isEmpty() && trees.has(image)) {
            return removed;
        }
        SequencedSet<Digest> going = new LinkedHashSet<>(List.of(image));
        for (Reference reference : references) {
            Optional<Digest> tree = trees.of(reference);
            if (tree.isPresent()) {
                images.ofTree(tree.get()).forEach(row -> going.add(row.id()));
            }
        }
        if (going.stream().noneMatch(used::contains)) {
            for (Reference reference : references) {
                images.unname(reference);
                removed.add(new RemovedItem.Untagged(reference.familiar()));
            }
            released.addAll(trees.dropUnreferenced());
            for (Digest candidate : going) {
                if (images.names(candidate).isEmpty() && !trees.has(candidate)) {
                    delete(candidate);
                }
            }
        }
        return removed;
    }

    /** The blobs that what was removed held; others may hold them still. */
    Set<Digest> released() {
        return released;
    }

    private void delete(Digest image) throws SQLException {
        for (Digest tree : trees.having(image)) {
            released.addAll(trees.remove(tree, image));
        }
        released.addAll(images.delete(image));
        removed.add(new RemovedItem.Deleted(image));
    }

    /** Whether the image must stay for a running container; one that does not run only asks for force. */
    private boolean isNeeded(Digest image, boolean byName) throws SQLException {
        List<User> users = images.users(image);
        Optional<User> running = users.stream().filter(User::isRunning).findFirst();
        if (running.isPresent() && !(force && byName)) {
            throw new ConflictException("conflict: unable to remove " + nameOrId + ": container "
                    + running.get().shortId() + " is running from it: stop and remove it first");
        }
        if (!users.isEmpty() && !force) {
            throw new ConflictException("conflict: unable to remove " + nameOrId + ": container "
                    + users.getFirst().shortId() + " is using it: stop and remove it, or use -f");
        }
        return running.isPresent();
    }
}

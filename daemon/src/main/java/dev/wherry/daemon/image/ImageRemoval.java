package dev.wherry.daemon.image;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.image.ImageTable.User;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what the removal of an image takes away, and does it. */
final class ImageRemoval {

    private ImageRemoval() {}

    /** @see ImageStore#remove */
    static List<RemovedItem> run(ImageTable table, String nameOrId, boolean force) throws SQLException {
        ImageLookup lookup = ImageLookup.of(table, nameOrId);
        List<Reference> all = table.names(lookup.image().id()).stream()
                .map(ImageName::reference)
                .toList();
        boolean byName = !lookup.references().isEmpty();
        List<Reference> going = byName ? lookup.references() : all;
        boolean last = going.size() == all.size();
        if (!byName && !force && going.stream().map(Reference::name).distinct().count() > 1) {
            throw new ConflictException("conflict: unable to remove " + nameOrId
                    + ": several repositories refer to it: name one of its references, or use -f");
        }
        boolean keep = !last || isNeeded(table, lookup, nameOrId, byName, force);

        List<RemovedItem> removed = new ArrayList<>();
        for (Reference reference : going) {
            table.unname(reference);
            removed.add(new RemovedItem.Untagged(reference.familiar()));
        }
        if (!keep) {
            table.delete(lookup.image().id());
            removed.add(new RemovedItem.Deleted(lookup.image().id()));
        }
        return removed;
    }

    /** Whether the image must stay for a running container; one that does not run only asks for force. */
    private static boolean isNeeded(
            ImageTable table, ImageLookup lookup, String nameOrId, boolean byName, boolean force) throws SQLException {
        List<User> users = table.users(lookup.image().id());
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

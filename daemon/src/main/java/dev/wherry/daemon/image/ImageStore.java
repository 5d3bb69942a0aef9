package dev.wherry.daemon.image;

import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The images that are here. */
@Singleton
public final class ImageStore {

    ImageStore() {}

    /** The image of that name, ID, or unique prefix of an ID. */
    public Image resolve(String nameOrId) {
        throw new UnsupportedOperationException();
    }

    /** The image that carries the reference. */
    public Optional<Image> find(Reference reference) {
        throw new UnsupportedOperationException();
    }

    /** All images, newest first. */
    public List<ImageSummary> list() {
        throw new UnsupportedOperationException();
    }

    /** The instructions that made the image, newest first. */
    public List<HistoryEntry> history(Image image) {
        throw new UnsupportedOperationException();
    }

    /** Gives the image one more reference, taking it from another image where need be. */
    public void tag(Image image, Reference target) {
        throw new UnsupportedOperationException();
    }

    /** Removes a reference, and the image with its last one. */
    public List<Removal> remove(String nameOrId, boolean force) {
        throw new UnsupportedOperationException();
    }

    /** A JSON object with the field names that docker uses. */
    public String inspectJson(Image image) {
        throw new UnsupportedOperationException();
    }

    /** Stores an image made here and points the tags at it. */
    public Image commit(ImageConfig config, Optional<SnapshotId> top, List<LayerDiff> layers, List<Reference> tags) {
        throw new UnsupportedOperationException();
    }
}

package dev.wherry.daemon.image.push;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.ManifestTrees;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RegistryNames;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import dev.wherry.daemon.registry.PushTarget;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Sends images of the store to registries. What the registry has is not sent; nothing is visible there before all of an
 * image has arrived. Layers that were compressed for a push are kept for the next one, also for one after a failure.
 */
@Singleton
public final class Pusher {

    private final Registries registries;
    private final ContentStore content;
    private final ManifestTrees trees;
    private final RegistryNames names;
    private final Snapshotter snapshotter;
    private final CompressedLayers compressed;
    private final Leases leases;

    public Pusher(
            Registries registries,
            ContentStore content,
            ManifestTrees trees,
            RegistryNames names,
            Snapshotter snapshotter,
            CompressedLayers compressed,
            Leases leases) {
        this.registries = registries;
        this.content = content;
        this.trees = trees;
        this.names = names;
        this.snapshotter = snapshotter;
        this.compressed = compressed;
        this.leases = leases;
    }

    /**
     * Pushes what a tag points to: an image, or an index with all of it that is here.
     *
     * @param platform the only image to push; empty for all
     * @throws InvalidInputException when the reference has a digest
     * @throws NotFoundException when no image has that tag, or none is for the platform
     * @throws DeniedException when the registry denies access
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not push to the repository
     * @throws UnavailableException when the registry cannot be reached or keeps failing
     * @throws CancelledException when interrupted
     */
    public PushResult push(
            Reference reference, Optional<Platform> platform, RegistryLogins logins, PushProgress progress) {
        if (reference.digest().isPresent()) {
            throw new InvalidInputException("cannot push a digest reference");
        }
        Caller.current().requireRepository(reference.name());
        ManifestTree tree = trees.find(reference).orElseThrow(() -> absent(reference));
        PushTarget target = registries.target(reference.repositoryName(), logins);
        try (Lease lease = leases.open()) {
            ManifestPush manifests =
                    new ManifestPush(content, names, snapshotter, compressed, target, reference, lease, progress);
            PushedManifest pushed = new PushJob(reference, tree, target, manifests).run(platform);
            names.pushed(reference, pushed.digest());
            Metrics.count(Metric.PUSHES, "completed");
            return new PushResult(reference, pushed.digest(), pushed.bytes().length);
        } catch (RuntimeException failure) {
            Metrics.count(Metric.PUSHES, failure instanceof CancelledException ? "cancelled" : "failed");
            throw failure;
        }
    }

    /**
     * The tags of a repository that are here, for a push of all of them.
     *
     * @throws NotFoundException when there are none
     */
    public List<Reference> tags(Reference repository) {
        List<Reference> tags = names.tags(repository.name());
        if (tags.isEmpty()) {
            throw absent(repository);
        }
        return tags;
    }

    private static NotFoundException absent(Reference reference) {
        return new NotFoundException(
                "image",
                reference.familiar(),
                "An image does not exist locally with the tag: " + reference.familiarName());
    }
}

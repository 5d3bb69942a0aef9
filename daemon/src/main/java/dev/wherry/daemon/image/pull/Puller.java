package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches images of registries into the store. Pulls of the same image at the same time are one pull, which ends early
 * only when all its callers are interrupted. Nothing of a pull is visible until it has succeeded; what a failed one
 * brought is kept for a while, and the next one goes on from there.
 */
@Singleton
public final class Puller {

    private final Registries registries;
    private final ContentStore content;
    private final ImageStore images;
    private final Snapshotter snapshotter;
    private final Leases leases;
    private final Map<Wanted, SharedPull> running = new HashMap<>();

    public Puller(
            Registries registries, ContentStore content, ImageStore images, Snapshotter snapshotter, Leases leases) {
        this.registries = registries;
        this.content = content;
        this.images = images;
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    /** Who has other logins may see other things, and is not given what came by these. */
    private record Wanted(Reference reference, List<Platform> platforms, RegistryLogins logins) {
        // Written out: those that a record comes with are interpreted in a native executable.
        @Override
        public boolean equals(Object other) {
            return other instanceof Wanted that
                    && reference.equals(that.reference)
                    && platforms.equals(that.platforms)
                    && logins.equals(that.logins);
        }

        @Override
        public int hashCode() {
            return 31 * reference.hashCode() + platforms.hashCode();
        }
    }

    /**
     * Pulls an image. It is stored under the reference, or under {@code name@digest} where that has a digest.
     *
     * @param platform which to choose where there are several; without one, what runs best on this host
     * @throws NotFoundException when the registry has no such image, has it for other platforms only, or denies access
     * @throws UnavailableException when the registry cannot be reached or keeps failing
     * @throws CorruptContentException when what the registry sent is not what it should be
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not pull from the repository
     * @throws CancelledException when interrupted
     */
    public PullResult pull(Reference reference, Optional<Platform> platform, PullProgress progress) {
        return pull(reference, platform.stream().toList(), progress);
    }

    /** As above, for several platforms: one reference then stands for all of them. */
    public PullResult pull(Reference reference, List<Platform> platforms, PullProgress progress) {
        return pull(reference, platforms, RegistryLogins.NONE, progress);
    }

    /** As above, with logins for the registry. */
    public PullResult pull(
            Reference reference, List<Platform> platforms, RegistryLogins logins, PullProgress progress) {
        Caller.current().requireSource(reference.name());
        DiskRoom.require();
        Wanted wanted = new Wanted(reference, List.copyOf(platforms), logins);
        SharedPull pull;
        synchronized (running) {
            pull = running.get(wanted);
            if (pull == null || !pull.join(progress)) {
                pull = new SharedPull(progress);
                running.put(wanted, pull);
                start(wanted, pull);
            }
        }
        return pull.await(progress);
    }

    /**
     * The tags of a repository in its registry, for a pull of all of them.
     *
     * @throws NotFoundException when there is no such repository, or the registry denies access
     */
    public List<Reference> tags(Reference repository, RegistryLogins logins) {
        Caller.current().requireSource(repository.name());
        return registries.open(repository.repositoryName(), logins).tags().stream()
                .map(tag -> new Reference(
                        repository.registry(), repository.repository(), Optional.of(tag), Optional.empty()))
                .toList();
    }

    /** How many wait for the image now. */
    int callers(Reference reference) {
        synchronized (running) {
            return running.entrySet().stream()
                    .filter(entry -> entry.getKey().reference.equals(reference))
                    .mapToInt(entry -> entry.getValue().callers())
                    .sum();
        }
    }

    private void start(Wanted wanted, SharedPull pull) {
        pull.start(fanout -> {
            try {
                return new PullJob(registries, content, images, snapshotter, leases, fanout)
                        .run(wanted.reference, wanted.platforms, wanted.logins);
            } finally {
                synchronized (running) {
                    running.remove(wanted, pull);
                }
            }
        });
    }
}

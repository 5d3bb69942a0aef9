package dev.wherry.daemon.image.copy;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.image.ImageName;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RegistryNames;
import dev.wherry.daemon.image.push.PushProgress;
import dev.wherry.daemon.image.push.PushResult;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Copies images between registries, or between repositories of one. Documents stay as they are byte for byte; a blob goes
 * through memory from one connection to the other, unless the target has it or takes it from another of its repositories.
 * The target's tag is set last, so that nothing of a failed copy is visible under it.
 */
@Singleton
public final class Copier {

    private final Registries registries;
    private final RegistryNames names;

    public Copier(Registries registries, RegistryNames names) {
        this.registries = registries;
        this.names = names;
    }

    /**
     * Copies what a reference points to.
     *
     * @param platform the only image to copy of an index; empty for the index with all that it lists
     * @param referrers whether to copy also what refers to one of the copied manifests, by its subject or by its tag
     * @param logins for both registries
     * @throws InvalidInputException when the target has a digest
     * @throws NotFoundException when there is no such image, or none for the platform, or reading is denied
     * @throws DeniedException when a registry denies access
     * @throws dev.wherry.daemon.error.ForbiddenException when the caller may not push to the target, or not pull
     *     the source
     * @throws UnavailableException when a registry cannot be reached or keeps failing
     * @throws CorruptContentException when what the source sent is not what its digest says
     * @throws CancelledException when interrupted
     */
    public PushResult copy(
            Reference source,
            Reference target,
            Optional<Platform> platform,
            boolean referrers,
            RegistryLogins logins,
            PushProgress progress) {
        if (target.digest().isPresent()) {
            throw new InvalidInputException("cannot copy to a digest reference");
        }
        Caller.current().requireRepository(target.name());
        Caller.current().requireSource(source.name());
        SourceImage image = new SourceImage(source, registries.open(source.repositoryName(), logins));
        RemoteManifest top = image.choose(platform);
        ImageTransfer transfer =
                new ImageTransfer(image, target, registries.target(target.repositoryName(), logins), names, progress);
        transfer.copy(top, target.selector());
        if (referrers) {
            transfer.copyReferrers(top);
        }
        return new PushResult(target, top.digest(), top.bytes().length);
    }

    /**
     * Copies what refers to an image that was pushed from the other repositories that have it.
     *
     * @param known names of the image; those that no registry is known to have, and those that the caller may not pull, are
     *     passed over
     * @param logins for all their registries
     */
    public void copyReferrers(PushResult pushed, List<ImageName> known, RegistryLogins logins, PushProgress progress) {
        Reference target = pushed.reference();
        Caller caller = Caller.current();
        known.stream()
                .filter(name -> name.digest().isPresent())
                .filter(name -> caller.maySee(name.reference().name()))
                .map(name -> name.reference().withDigest(pushed.digest()))
                .filter(source -> !source.repositoryName().equals(target.repositoryName()))
                .distinct()
                .forEach(reference -> {
                    SourceImage image = new SourceImage(reference, registries.open(reference.repositoryName(), logins));
                    image.repository()
                            .find(reference.selector())
                            .ifPresent(top -> new ImageTransfer(
                                            image,
                                            target,
                                            registries.target(target.repositoryName(), logins),
                                            names,
                                            progress)
                                    .copyReferrers(top));
                });
    }

    /**
     * Brings a manifest into another repository, with what it names; there it has no tag.
     *
     * @param source with a digest
     */
    public PushResult place(Reference source, Reference repository, RegistryLogins logins, PushProgress progress) {
        Caller.current().requireRepository(repository.name());
        Caller.current().requireSource(source.name());
        Reference placed = repository.withDigest(source.digest().orElseThrow());
        SourceImage image = new SourceImage(source, registries.open(source.repositoryName(), logins));
        RemoteManifest manifest = image.choose(Optional.empty());
        new ImageTransfer(image, placed, registries.target(placed.repositoryName(), logins), names, progress)
                .copy(manifest, placed.selector());
        return new PushResult(placed, manifest.digest(), manifest.bytes().length);
    }
}

package dev.wherry.daemon.image.copy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageName;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.push.ParallelTasks;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** Asks the registries that an image was pulled from or pushed to what refers to it there. */
@Singleton
public final class ReferrerListing {

    private static final int READS = 8;

    private final Registries registries;

    public ReferrerListing(Registries registries) {
        this.registries = registries;
    }

    /** What a document says that it is; a field that it lacks is null. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Typed(String artifactType, Descriptor config) {}

    /**
     * What refers to an image, and to the manifests of its index.
     *
     * @param names of the image; those that no registry is known to have, and those that the caller may not pull, are
     *     passed over
     */
    public List<RegistryReferrer> of(ManifestTree tree, List<ImageName> names, RegistryLogins logins) {
        SequencedMap<Reference, SequencedSet<Digest>> subjects = new LinkedHashMap<>();
        for (ImageName name : names) {
            if (!Caller.current().maySee(name.reference().name())) {
                continue;
            }
            name.digest().ifPresent(digest -> {
                SequencedSet<Digest> all =
                        subjects.computeIfAbsent(name.reference().withDigest(digest), _ -> new LinkedHashSet<>());
                all.add(digest);
                if (digest.equals(tree.root().digest())) {
                    tree.members().forEach(member -> all.add(member.entry().digest()));
                }
            });
        }
        List<RegistryReferrer> found = new ArrayList<>();
        subjects.forEach((reference, digests) -> {
            RemoteRepository repository = registries.open(reference.repositoryName(), logins);
            ParallelTasks.each(
                            List.copyOf(digests),
                            READS,
                            "the inspection was cancelled",
                            subject -> of(reference, repository, subject))
                    .forEach(found::addAll);
        });
        return found;
    }

    private static List<RegistryReferrer> of(Reference reference, RemoteRepository repository, Digest subject) {
        Referrers referrers = Referrers.of(repository, subject);
        List<RegistryReferrer> found = new ArrayList<>();
        for (Digest listed : referrers.listed()) {
            found.add(referrer(reference, "", subject, repository.manifest(listed.toString())));
        }
        referrers.tagged().forEach((tag, manifest) -> {
            if (!referrers.isList(tag)) {
                found.add(referrer(reference, tag, subject, manifest));
            }
        });
        return found;
    }

    private static RegistryReferrer referrer(Reference reference, String tag, Digest subject, RemoteManifest manifest) {
        Typed typed = CanonicalJson.read(manifest.bytes(), Typed.class, "the manifest " + manifest.digest());
        String type = typed.artifactType() != null
                ? typed.artifactType()
                : typed.config() == null || typed.config().mediaType() == null
                        ? ""
                        : typed.config().mediaType();
        Descriptor descriptor = new Descriptor(MediaTypes.of(manifest), manifest.digest(), manifest.bytes().length);
        return new RegistryReferrer(reference, tag, subject, descriptor, type);
    }
}

package dev.wherry.daemon.image.copy;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Reference;

/**
 * Something that refers to an image in a registry, such as a signature.
 *
 * @param repository where it is
 * @param tag by which it is found; empty where the registry lists it
 * @param subject the manifest or index that it refers to
 * @param artifactType what it is; empty where it does not say
 */
public record RegistryReferrer(
        Reference repository, String tag, Digest subject, Descriptor descriptor, String artifactType) {}

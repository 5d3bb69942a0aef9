package dev.wherry.daemon.image.copy;

import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RemoteRepository;
import java.util.Optional;

/** The image that a reference names in its registry. */
record SourceImage(Reference reference, RemoteRepository repository) {

    /**
     * The document that the reference points to, or the manifest for one platform.
     *
     * @throws NotFoundException when there is none
     */
    RemoteManifest choose(Optional<Platform> platform) {
        RemoteManifest top = repository.manifest(reference.selector());
        return platform.isEmpty() ? top : forPlatform(top, platform.get());
    }

    private RemoteManifest forPlatform(RemoteManifest top, Platform platform) {
        String type = MediaTypes.of(top);
        if (MediaTypes.isIndex(type)) {
            ImageIndex index =
                    CanonicalJson.read(top.bytes(), ImageIndex.class, "the index of " + reference.familiar());
            return repository.manifest(
                    index.best(platform, reference.familiar()).digest().toString());
        }
        Platform own = config(top).platform();
        if (!platform.runs(own)) {
            throw new NotFoundException(
                    "image",
                    reference.familiar(),
                    reference.familiar() + " has no image for " + platform + ": only for " + own);
        }
        return top;
    }

    /** The config that a manifest names. */
    ImageConfig config(RemoteManifest manifest) {
        Manifest parsed = Manifest.ofImage(manifest.bytes(), "the manifest of " + reference.familiar());
        return CanonicalJson.read(
                repository.read(parsed.config(), ImageStore.MAX_CONFIG),
                ImageConfig.class,
                "the config of " + reference.familiar());
    }
}

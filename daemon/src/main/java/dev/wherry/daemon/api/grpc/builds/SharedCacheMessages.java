package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.cache.actions.ActionsAccess;
import dev.wherry.daemon.builder.cache.remote.CacheSource;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.v1.ActionsCache;
import dev.wherry.v1.BuildOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What messages say of caches that builds share, in the daemon's own terms. */
final class SharedCacheMessages {

    private static final String USUAL_TAG = "latest";

    private SharedCacheMessages() {}

    static List<CacheSource> sources(BuildOptions options) {
        List<CacheSource> sources = new ArrayList<>();
        for (dev.wherry.v1.CacheSource message : options.getCacheFromList()) {
            sources.add(
                    switch (message.getSourceCase()) {
                        case REGISTRY -> new CacheSource.Registry(Reference.parse(message.getRegistry()));
                        case LAYOUT ->
                            new CacheSource.Folder(
                                    BuildMessages.directory(message.getLayout().getDirectory()),
                                    message.getLayout().getSelector(),
                                    "cache-from " + sources.size());
                        case ACTIONS -> new CacheSource.Actions(access(message.getActions()));
                        case SOURCE_NOT_SET -> throw unknown();
                    });
        }
        return sources;
    }

    static List<CacheTarget> targets(BuildOptions options) {
        return options.getCacheToList().stream()
                .map(SharedCacheMessages::target)
                .toList();
    }

    private static CacheTarget target(dev.wherry.v1.CacheTarget message) {
        Compression compression = OutputMessages.compression(message.getCompression());
        boolean oci = !message.hasOciMediaTypes() || message.getOciMediaTypes();
        ArchiveOptions layers = new ArchiveOptions(
                ArchiveOptions.Format.OCI,
                List.of(),
                compression,
                message.hasCompressionLevel() ? OptionalInt.of(message.getCompressionLevel()) : OptionalInt.empty(),
                message.getForceCompression(),
                oci);
        return CacheTarget.of(
                place(message),
                message.getMax(),
                layers,
                message.hasImageManifest() ? Optional.of(message.getImageManifest()) : Optional.empty(),
                message.getIgnoreError());
    }

    private static CacheTarget.Place place(dev.wherry.v1.CacheTarget message) {
        return switch (message.getType()) {
            case TYPE_INLINE -> new CacheTarget.Place.Inline();
            case TYPE_REGISTRY -> new CacheTarget.Place.Registry(Reference.parse(message.getReference()));
            case TYPE_LOCAL ->
                new CacheTarget.Place.Folder(
                        message.getTag().isEmpty() ? USUAL_TAG : message.getTag(),
                        message.getIndex().toByteArray(),
                        message.getBlobsList().stream().map(Digest::parse).collect(Collectors.toSet()));
            case TYPE_ACTIONS -> new CacheTarget.Place.Actions(access(message.getActions()));
            case TYPE_UNSPECIFIED, UNRECOGNIZED -> throw unknown();
        };
    }

    private static ActionsAccess access(ActionsCache message) {
        return ActionsAccess.of(message.getUrl(), message.getToken(), message.getScope());
    }

    private static InvalidInputException unknown() {
        return new InvalidInputException("wherryd does not know this type of cache: is it older than wherry?");
    }
}

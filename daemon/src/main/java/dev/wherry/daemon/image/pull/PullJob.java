package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.RepositoryName;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One pull: from a reference to a stored image. */
final class PullJob {

    /** As many as docker accepts; the kernel's overlayfs would take some more. */
    private static final int MAX_LAYERS = 127;

    private final Registries registries;
    private final ContentStore content;
    private final ImageStore images;
    private final Snapshotter snapshotter;
    private final Leases leases;
    private final PullProgress progress;

    PullJob(
            Registries registries,
            ContentStore content,
            ImageStore images,
            Snapshotter snapshotter,
            Leases leases,
            PullProgress progress) {
        this.registries = registries;
        this.content = content;
        this.images = images;
        this.snapshotter = snapshotter;
        this.leases = leases;
        this.progress = progress;
    }

    PullResult run(Reference asked, Optional<Platform> platform) {
        RemoteRepository remote = registries.open(new RepositoryName(asked.registry(), asked.repository()));
        progress.message(asked.selector() + ": Pulling from " + asked.familiarName());
        RemoteManifest top = remote.manifest(asked.selector());
        RemoteManifest chosen = choose(asked, remote, top, platform);
        Manifest manifest = parse(asked, chosen);

        Reference stored = asked.digest().map(asked::withDigest).orElse(asked);
        boolean upToDate = images.find(stored)
                .filter(image -> image.id().equals(manifest.config().digest()))
                .isPresent();
        try (Lease lease = leases.open()) {
            Optional<Image> here = images.find(manifest.config().digest()).filter(found -> hold(lease, found));
            here.ifPresent(found -> checkPlatform(asked, found.config(), platform));
            Image image = here.orElseGet(() -> fetch(lease, asked, remote, chosen, manifest, platform));
            Image visible =
                    images.store(image, blobs(lease, image, manifest), List.of(stored), Optional.of(top.digest()));
            return new PullResult(visible, stored, top.digest(), upToDate);
        }
    }

    /** Takes hold of an image that is here, unless it is being removed. */
    private boolean hold(Lease lease, Image image) {
        return image.snapshot().map(top -> snapshotter.hold(lease, top)).orElse(true)
                && lease.holdIf(image.id(), () -> content.contains(image.id()))
                && lease.holdIf(image.manifest(), () -> content.contains(image.manifest()));
    }

    private RemoteManifest choose(
            Reference asked, RemoteRepository remote, RemoteManifest top, Optional<Platform> platform) {
        String type = mediaType(top);
        if (!MediaTypes.isIndex(type)) {
            return top;
        }
        ImageIndex index = CanonicalJson.read(top.bytes(), ImageIndex.class, "the index of " + asked.familiar());
        List<ImageIndex.Entry> entries = Optional.ofNullable(index.manifests()).orElse(List.of()).stream()
                .filter(entry -> entry != null && entry.platform() != null && entry.digest() != null)
                .toList();
        Platform wanted = platform.orElseGet(Platform::host);
        ImageIndex.Entry entry = wanted.best(entries, ImageIndex.Entry::platform)
                .orElseThrow(() -> new NotFoundException("image", asked.familiar(), noneFor(asked, wanted, entries)));
        return remote.manifest(entry.digest().toString());
    }

    private static String noneFor(Reference asked, Platform wanted, List<ImageIndex.Entry> entries) {
        String offered = entries.stream()
                .map(entry -> entry.platform().toString())
                .filter(name -> !name.startsWith("unknown"))
                .distinct()
                .limit(12)
                .collect(Collectors.joining(", "));
        return asked.familiar() + " has no image for " + wanted + (offered.isEmpty() ? "" : ": only for " + offered);
    }

    private static Manifest parse(Reference asked, RemoteManifest chosen) {
        String type = mediaType(chosen);
        if (!MediaTypes.isManifest(type)) {
            throw new UnsupportedException(
                    asked.familiar() + " is no image that can be pulled: its manifest is of type \"" + type + "\"");
        }
        Manifest manifest = CanonicalJson.read(chosen.bytes(), Manifest.class, "the manifest of " + asked.familiar());
        boolean complete = manifest.config() != null
                && manifest.layers() != null
                && !manifest.layers().contains(null);
        if (!complete || manifest.config().size() > ImageStore.MAX_CONFIG) {
            throw new CorruptContentException("the manifest of " + asked.familiar() + " is malformed");
        }
        if (manifest.layers().size() > MAX_LAYERS) {
            throw new UnsupportedException(asked.familiar() + " has "
                    + manifest.layers().size() + " layers: at most " + MAX_LAYERS + " are supported");
        }
        return manifest;
    }

    @RegisterForReflection
    record Typed(String mediaType) {}

    /** What the document says of itself goes before what the server says of it. */
    private static String mediaType(RemoteManifest manifest) {
        String own = CanonicalJson.read(manifest.bytes(), Typed.class, "the manifest " + manifest.digest())
                .mediaType();
        return own == null ? manifest.mediaType() : own;
    }

    private Image fetch(
            Lease lease,
            Reference asked,
            RemoteRepository remote,
            RemoteManifest chosen,
            Manifest manifest,
            Optional<Platform> platform) {
        remote.fetch(lease, manifest.config(), _ -> {});
        Digest id = manifest.config().digest();
        String what = "the config of " + asked.familiar();
        ImageConfig config = CanonicalJson.read(content.read(id, ImageStore.MAX_CONFIG), ImageConfig.class, what);
        List<Digest> diffIds = diffIds(config, manifest, what);
        checkPlatform(asked, config, platform);

        Optional<SnapshotId> snapshot =
                new LayerFetch(remote, content, snapshotter, lease, progress).run(manifest.layers(), diffIds);
        Digest manifestDigest = lease.hold(() -> content.put(chosen.bytes()));
        long size = snapshot.map(snapshotter::chain).orElse(List.of()).stream()
                .mapToLong(layer -> snapshotter.diff(layer).size())
                .sum();
        return new Image(id, manifestDigest, config, snapshot, size);
    }

    private static List<Digest> diffIds(ImageConfig config, Manifest manifest, String what) {
        List<Digest> diffIds = config.rootfs() == null || config.rootfs().diffIds() == null
                ? List.of()
                : config.rootfs().diffIds();
        if (diffIds.contains(null) || diffIds.size() != manifest.layers().size()) {
            throw new CorruptContentException(what + " does not name as many layers as its manifest");
        }
        return diffIds;
    }

    private void checkPlatform(Reference asked, ImageConfig config, Optional<Platform> platform) {
        Platform own = new Platform(config.os(), config.architecture(), config.variant());
        if (platform.isPresent() && !platform.get().runs(own)) {
            throw new NotFoundException(
                    "image",
                    asked.familiar(),
                    asked.familiar() + " has no image for " + platform.get() + ": only for " + own);
        }
        if (!Platform.host().runs(own)) {
            progress.message("warning: " + asked.familiar() + " is made for " + own + " and may not run on this host");
        }
    }

    /** What the image keeps: config, manifest, and the layers' blobs as far as they are here. */
    private List<Digest> blobs(Lease lease, Image image, Manifest manifest) {
        List<Digest> blobs = new ArrayList<>(List.of(image.id(), image.manifest()));
        for (Descriptor layer : manifest.layers()) {
            if (lease.holdIf(layer.digest(), () -> content.contains(layer.digest()))) {
                blobs.add(layer.digest());
            }
        }
        return blobs;
    }
}

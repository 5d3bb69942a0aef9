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
import dev.wherry.daemon.image.TreeDraft;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One pull: from a reference to stored images, one a platform. */
final class PullJob {

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

    /** @param platforms which to choose where there are several; without any, what runs best on this host */
    PullResult run(Reference asked, List<Platform> platforms, RegistryLogins logins) {
        RemoteRepository remote = registries.open(asked.repositoryName(), logins);
        RemoteManifest top = remote.manifest(asked.selector());
        progress.message(asked.selector() + ": Pulling from " + asked.repository());
        List<Chosen> chosen = choose(asked, remote, top, platforms);

        Reference stored = asked.digest().map(asked::withDigest).orElse(asked);
        Set<Digest> before = images.all(stored).stream().map(Image::id).collect(Collectors.toSet());
        boolean upToDate = chosen.stream()
                .allMatch(one -> before.contains(one.manifest.config().digest()));
        try (Lease lease = leases.open()) {
            List<TreeDraft.Part> parts = new ArrayList<>();
            for (Chosen one : chosen) {
                parts.add(part(lease, asked, remote, one));
            }
            return new PullResult(store(lease, top, parts, stored), stored, top.digest(), upToDate);
        }
    }

    /** The manifest of one platform; the platform is empty where any will do. */
    private record Chosen(RemoteManifest document, Manifest manifest, Optional<Platform> platform) {}

    private TreeDraft.Part part(Lease lease, Reference asked, RemoteRepository remote, Chosen chosen) {
        Manifest manifest = chosen.manifest;
        Optional<Image> here =
                images.find(manifest.config().digest()).filter(found -> found.hold(lease, content, snapshotter));
        here.ifPresent(found -> checkPlatform(asked, found.config(), chosen.platform));
        Image image = here.orElseGet(() -> fetch(lease, asked, remote, chosen));
        lease.hold(() -> content.put(chosen.document.digest(), chosen.document.bytes()));
        List<Digest> blobs = blobs(lease, image, manifest);
        blobs.add(chosen.document.digest());
        return new TreeDraft.Part(chosen.document.digest(), Optional.of(image), blobs);
    }

    /** An image whose manifest is that of the registry needs no tree. */
    private Image store(Lease lease, RemoteManifest top, List<TreeDraft.Part> parts, Reference stored) {
        Image first = parts.getFirst().image().orElseThrow();
        if (top.digest().equals(first.manifest())) {
            return images.store(first, parts.getFirst().blobs(), List.of(stored), Optional.of(top.digest()));
        }
        lease.hold(() -> content.put(top.digest(), top.bytes()));
        Descriptor root = new Descriptor(MediaTypes.of(top), top.digest(), top.bytes().length);
        Image representative = images.store(new TreeDraft(root, parts), List.of(stored), Optional.of(top.digest()));
        return parts.size() == 1 ? first : representative;
    }

    private List<Chosen> choose(
            Reference asked, RemoteRepository remote, RemoteManifest top, List<Platform> platforms) {
        if (!MediaTypes.isIndex(MediaTypes.of(top))) {
            Manifest manifest = parse(asked, top);
            return platforms.isEmpty()
                    ? List.of(new Chosen(top, manifest, Optional.empty()))
                    : platforms.stream()
                            .map(platform -> new Chosen(top, manifest, Optional.of(platform)))
                            .toList();
        }
        ImageIndex index = CanonicalJson.read(top.bytes(), ImageIndex.class, "the index of " + asked.familiar());
        List<Platform> wanted = platforms.isEmpty() ? List.of(Platform.host()) : platforms;
        Map<Digest, Chosen> chosen = new LinkedHashMap<>();
        for (Platform platform : wanted) {
            ImageIndex.Entry entry = index.best(platform, asked.familiar());
            chosen.computeIfAbsent(entry.digest(), digest -> {
                RemoteManifest document = remote.manifest(digest.toString());
                return new Chosen(
                        document,
                        parse(asked, document),
                        platforms.isEmpty() ? Optional.empty() : Optional.of(platform));
            });
        }
        return List.copyOf(chosen.values());
    }

    private static Manifest parse(Reference asked, RemoteManifest chosen) {
        String type = MediaTypes.of(chosen);
        if (!MediaTypes.isManifest(type)) {
            throw new UnsupportedException(
                    asked.familiar() + " is no image that can be pulled: its manifest is of type \"" + type + "\"");
        }
        String what = "the manifest of " + asked.familiar();
        Manifest manifest = Manifest.ofImage(chosen.bytes(), what);
        if (manifest.config().size() > ImageStore.MAX_CONFIG) {
            throw new CorruptContentException(what + " is malformed");
        }
        for (Descriptor layer : manifest.layers()) {
            if (MediaTypes.isForeign(layer.mediaType())) {
                throw new UnsupportedException(asked.familiar() + " has the foreign layer "
                        + layer.digest().shortHex() + ", which registries do not hold: such images cannot be pulled");
            }
        }
        manifest.requireFewLayers(asked.familiar());
        return manifest;
    }

    private Image fetch(Lease lease, Reference asked, RemoteRepository remote, Chosen chosen) {
        Manifest manifest = chosen.manifest;
        remote.fetch(lease, manifest.config(), _ -> {});
        Digest id = manifest.config().digest();
        String what = "the config of " + asked.familiar();
        ImageConfig config = CanonicalJson.read(content.read(id, ImageStore.MAX_CONFIG), ImageConfig.class, what);
        List<Digest> diffIds = config.diffIds(manifest, what);
        checkPlatform(asked, config, chosen.platform);

        Optional<SnapshotId> snapshot =
                new LayerFetch(remote::fetch, content, snapshotter, lease, progress).run(manifest.layers(), diffIds);
        Digest manifestDigest = lease.hold(() -> content.put(chosen.document.digest(), chosen.document.bytes()));
        long size = snapshot.map(snapshotter::size).orElse(0L);
        return new Image(id, manifestDigest, config, snapshot, size);
    }

    private void checkPlatform(Reference asked, ImageConfig config, Optional<Platform> platform) {
        Platform own = config.platform();
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

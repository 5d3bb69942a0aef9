package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.BlobProvider;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.RootedPath;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Images in directories of the OCI image layout (OCI image-spec, "Image Layout"). Nothing outside the directory is read,
 * and nothing of it is believed that its digest does not prove.
 */
@Singleton
public final class LayoutImages {

    private static final int DEPTH = 4;
    private static final int CHUNK = 64 << 10;

    private final ContentStore content;
    private final Snapshotter snapshotter;

    public LayoutImages(ContentStore content, Snapshotter snapshotter) {
        this.content = content;
        this.snapshotter = snapshotter;
    }

    /**
     * Brings an image into the stores, where the lease holds it. It gets no name.
     *
     * @param selector a tag or digest; empty for the only image there is
     * @throws NotFoundException when the layout has no such image
     * @throws CorruptContentException when it is malformed or something in it is not what its digest says
     */
    public Image load(Path layout, String selector, Platform platform, Lease lease) {
        try {
            return new Load(layout, platform, lease).image(selector);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read the image layout " + layout, failure);
        }
    }

    private final class Load {

        private final Path layout;
        private final Platform platform;
        private final Lease lease;
        private final String what;

        Load(Path layout, Platform platform, Lease lease) {
            this.layout = layout;
            this.platform = platform;
            this.lease = lease;
            this.what = "the image layout " + layout;
        }

        Image image(String selector) throws IOException {
            byte[] index = Files.readAllBytes(file(ImageLayout.INDEX, ImageStore.MAX_DOCUMENT));
            ImageIndex.Entry entry =
                    named(CanonicalJson.read(index, ImageIndex.class, "index.json of " + what), selector);
            byte[] document = document(entry.digest());
            for (int depth = 0; MediaTypes.isIndex(entry.mediaType()); depth++) {
                if (depth == DEPTH) {
                    throw new CorruptContentException(what + " has indexes within indexes");
                }
                entry = forPlatform(CanonicalJson.read(document, ImageIndex.class, "an index of " + what));
                document = document(entry.digest());
            }
            if (!MediaTypes.isManifest(entry.mediaType())) {
                throw new UnsupportedException(
                        what + " has something of type \"" + entry.mediaType() + "\", which is no image");
            }
            return image(document, Manifest.ofImage(document, "the manifest of " + what));
        }

        private Image image(byte[] document, Manifest manifest) throws IOException {
            bring(manifest.config());
            Digest id = manifest.config().digest();
            ImageConfig config = CanonicalJson.read(
                    content.read(id, ImageStore.MAX_CONFIG), ImageConfig.class, "the config of " + what);
            List<Digest> diffIds = config.diffIds(manifest, "the config of " + what);
            if (snapshotter.find(lease, diffIds).isEmpty()) {
                for (Descriptor layer : manifest.layers()) {
                    bring(layer);
                }
            }
            Optional<SnapshotId> top = new LayerFetch(BlobProvider.HERE, content, snapshotter, lease, PullProgress.NONE)
                    .run(manifest.layers(), diffIds);
            Digest stored = lease.hold(() -> content.put(document));
            return new Image(id, stored, config, top, 0);
        }

        private ImageIndex.Entry named(ImageIndex index, String selector) {
            List<ImageIndex.Entry> entries = entries(index).stream()
                    .filter(entry -> selector.isEmpty()
                            || entry.digest().toString().equals(selector)
                            || isNamed(entry, selector))
                    .toList();
            if (entries.isEmpty()) {
                String name = selector.isEmpty() ? "image" : "\"" + selector + "\"";
                throw new NotFoundException("image", selector, what + " has no " + name);
            }
            return entries.size() == 1 ? entries.getFirst() : forPlatform(new ImageIndex(2, null, entries));
        }

        private static boolean isNamed(ImageIndex.Entry entry, String tag) {
            String name = ImageLayout.refName(entry);
            return name.equals(tag) || name.endsWith(":" + tag);
        }

        private ImageIndex.Entry forPlatform(ImageIndex index) {
            List<ImageIndex.Entry> entries = entries(index).stream()
                    .filter(entry -> entry.platform() != null)
                    .toList();
            return platform.best(entries, ImageIndex.Entry::platform)
                    .orElseThrow(() -> new NotFoundException(
                            "image", layout.toString(), what + " has several images and none for " + platform));
        }

        private static List<ImageIndex.Entry> entries(ImageIndex index) {
            return Optional.ofNullable(index.manifests()).orElse(List.of()).stream()
                    .filter(entry -> entry != null && entry.digest() != null)
                    .toList();
        }

        private byte[] document(Digest digest) throws IOException {
            byte[] bytes = Files.readAllBytes(file(ImageLayout.path(digest), ImageStore.MAX_DOCUMENT));
            lease.hold(() -> {
                try (Ingest ingest = content.ingest(digest.toString())) {
                    ingest.restart();
                    ingest.write(bytes, 0, bytes.length);
                    return ingest.commit(digest, bytes.length);
                }
            });
            return bytes;
        }

        private void bring(Descriptor blob) throws IOException {
            Digest digest = blob.digest();
            if (lease.holdIf(digest, () -> content.contains(digest))) {
                return;
            }
            Path file = file(ImageLayout.path(digest), Long.MAX_VALUE);
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                    Ingest ingest = content.ingest(digest.toString())) {
                ingest.restart();
                byte[] buffer = new byte[CHUNK];
                for (int count; (count = in.read(buffer)) >= 0 && ingest.offset() <= blob.size(); ) {
                    ingest.write(buffer, 0, count);
                }
                lease.hold(() -> ingest.commit(digest, blob.size()));
            }
        }

        private Path file(String name, long largest) throws IOException {
            Path file = new RootedPath(layout).resolve(Path.of(name));
            Optional<FileStatus> status = Inodes.find(file).filter(FileStatus::isRegular);
            if (status.isEmpty()) {
                throw new NotFoundException("file", name, what + " has no file " + name);
            }
            if (status.get().size() > largest) {
                throw new CorruptContentException(name + " of " + what + " is larger than " + largest + " bytes");
            }
            return file;
        }
    }
}

package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.daemon.snapshot.tar.TarEntry.Type;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Writes images as archives. The result depends on the image and the options alone: no time of writing is in it, and the
 * files come in a fixed order, what names others first.
 */
@Singleton
public final class ImageArchive {

    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String CREATED = "org.opencontainers.image.created";
    private static final String IMAGE_NAME = "io.containerd.image.name";
    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);
    private static final int FILE = 0444;
    private static final int FOLDER = 0755;

    private final Snapshotter snapshotter;
    private final ContentStore content;
    private final Layout layout;

    ImageArchive(Snapshotter snapshotter, ContentStore content, Layout layout) {
        this.snapshotter = snapshotter;
        this.content = content;
        this.layout = layout;
    }

    /**
     * Writes an archive.
     *
     * @return the manifest in it
     */
    public Descriptor write(ImageDraft draft, ArchiveOptions options, EntrySink sink) {
        try (LayerBlobs blobs = new LayerBlobs(snapshotter, content, layout, options)) {
            List<LayerBlob> layers = blobs.of(draft);
            Manifest manifest = manifest(draft, options, layers);
            byte[] manifestBytes = CanonicalJson.write(manifest);
            Descriptor described =
                    new Descriptor(manifest.mediaType(), Digest.sha256(manifestBytes), manifestBytes.length);
            file(sink, "oci-layout", LAYOUT);
            file(sink, "index.json", CanonicalJson.write(index(draft, options, described)));
            if (options.format() == ArchiveOptions.Format.DOCKER) {
                file(sink, "manifest.json", CanonicalJson.write(List.of(loadable(draft, options, layers))));
            }
            folder(sink, "blobs/");
            folder(sink, "blobs/sha256/");
            file(sink, blob(described.digest()), manifestBytes);
            file(sink, blob(draft.id()), draft.configBytes());
            SequencedMap<Digest, LayerBlob> distinct = new LinkedHashMap<>();
            layers.forEach(layer -> distinct.putIfAbsent(layer.descriptor().digest(), layer));
            for (LayerBlob layer : distinct.values()) {
                layer(sink, layer);
            }
            sink.finish();
            return described;
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the image", failure);
        }
    }

    private static Manifest manifest(ImageDraft draft, ArchiveOptions options, List<LayerBlob> layers) {
        return new Manifest(
                options.ociTypes() ? MediaTypes.MANIFEST : MediaTypes.DOCKER_MANIFEST,
                new Descriptor(
                        options.ociTypes() ? MediaTypes.CONFIG : MediaTypes.DOCKER_CONFIG,
                        draft.id(),
                        draft.configBytes().length),
                layers.stream().map(LayerBlob::descriptor).toList(),
                draft.annotations());
    }

    /** One entry a name, as docker and containerd write it, or one without. */
    private static ImageIndex index(ImageDraft draft, ArchiveOptions options, Descriptor manifest) {
        List<ImageIndex.Entry> entries = new ArrayList<>();
        for (Reference name : options.names()) {
            entries.add(entry(draft, manifest, Optional.of(name)));
        }
        if (entries.isEmpty()) {
            entries.add(entry(draft, manifest, Optional.empty()));
        }
        return new ImageIndex(2, MediaTypes.INDEX, entries);
    }

    private static ImageIndex.Entry entry(ImageDraft draft, Descriptor manifest, Optional<Reference> name) {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put(CREATED, draft.config().created());
        name.ifPresent(reference -> {
            annotations.put(IMAGE_NAME, reference.toString());
            annotations.put(REF_NAME, reference.selector());
        });
        return new ImageIndex.Entry(
                manifest.mediaType(), manifest.digest(), manifest.size(), draft.platform(), annotations);
    }

    private static Map<String, Object> loadable(ImageDraft draft, ArchiveOptions options, List<LayerBlob> layers) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("Config", blob(draft.id()));
        manifest.put(
                "RepoTags", options.names().stream().map(Reference::familiar).toList());
        manifest.put(
                "Layers",
                layers.stream().map(layer -> blob(layer.descriptor().digest())).toList());
        return manifest;
    }

    private static String blob(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private static void folder(EntrySink sink, String name) throws IOException {
        sink.begin(TarEntry.plain(name, Type.DIRECTORY, FOLDER, 0, 0));
        sink.end();
    }

    private static void file(EntrySink sink, String name, byte[] bytes) throws IOException {
        sink.begin(TarEntry.plain(name, Type.FILE, FILE, bytes.length, 0));
        sink.write(bytes, 0, bytes.length);
        sink.end();
    }

    private static void layer(EntrySink sink, LayerBlob layer) throws IOException {
        Descriptor descriptor = layer.descriptor();
        sink.begin(TarEntry.plain(blob(descriptor.digest()), Type.FILE, FILE, descriptor.size(), 0));
        layer.content().writeTo(new EntryContent(sink));
        sink.end();
    }

    /** The content of the present entry as a stream. */
    private static final class EntryContent extends OutputStream {

        private final EntrySink sink;

        EntryContent(EntrySink sink) {
            this.sink = sink;
        }

        @Override
        public void write(int b) throws IOException {
            sink.write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            sink.write(bytes, offset, length);
        }
    }
}

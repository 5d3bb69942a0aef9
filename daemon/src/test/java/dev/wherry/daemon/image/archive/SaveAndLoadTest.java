package dev.wherry.daemon.image.archive;

import static dev.wherry.daemon.image.archive.Side.files;
import static dev.wherry.daemon.image.archive.Side.put;
import static dev.wherry.daemon.image.archive.Side.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.TreeDraft;
import dev.wherry.daemon.image.archive.ArchiveOptions.Format;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved comes back the same, and archives of other tools are loaded or refused as a whole. */
class SaveAndLoadTest {

    @TempDir
    Path folder;

    private Side here;
    private Side there;

    @BeforeEach
    void open() {
        here = new Side(folder.resolve("here"));
        there = new Side(folder.resolve("there"));
    }

    @Test
    void layoutRoundTripsByteForByte() throws IOException {
        Image image = here.image("amd64", "app", "app:1", "app:2");
        byte[] archive = here.save(Format.OCI, "app:1", "app:2");

        assertThat(there.load(archive))
                .containsExactly(
                        LoadedImage.named(Reference.parse("app:1"), image.id()),
                        LoadedImage.named(Reference.parse("app:2"), image.id()));
        Image loaded = there.images.resolve("app:2");
        assertThat(loaded.id()).isEqualTo(image.id());
        assertThat(loaded.size()).isEqualTo(image.size());
        assertThat(there.manifest(loaded)).isEqualTo(here.manifest(image));
        assertThat(there.snapshotter.folder(loaded.snapshot().orElseThrow()).resolve("top"))
                .hasContent("app");
        assertThat(there.save(Format.OCI, "app:1", "app:2")).isEqualTo(archive);
    }

    @Test
    void dockerArchiveNamesConfigTagsAndLayers() throws IOException {
        Image image = here.image("amd64", "app", "app:1", "app:2");
        Image other = here.image("amd64", "other");
        Map<String, byte[]> files =
                files(here.save(Format.DOCKER, "app", other.id().hex()));
        assertThat(files).containsKeys("oci-layout", "index.json", "manifest.json");
        DockerManifest[] manifests = CanonicalJson.read(files.get("manifest.json"), DockerManifest[].class, "manifest");
        assertThat(manifests).hasSize(2);
        assertThat(manifests[0].repoTags()).containsExactly("app:1", "app:2");
        assertThat(manifests[0].config()).isEqualTo("blobs/sha256/" + image.id().hex());
        assertThat(manifests[0].layers()).hasSize(2).allMatch(files::containsKey);
        assertThat(manifests[1].repoTags()).isEmpty();
        files.forEach((name, bytes) -> {
            if (name.startsWith("blobs/sha256/")) {
                assertThat(Digest.sha256(bytes).hex()).isEqualTo(name.substring("blobs/sha256/".length()));
            }
        });
    }

    @Test
    void indexOfSeveralPlatformsStaysOne() throws IOException {
        Image amd64 = here.image("amd64", "one");
        Image arm64 = here.image("arm64", "two");
        ImageIndex index =
                new ImageIndex(2, MediaTypes.INDEX, List.of(entry(here, amd64, "amd64"), entry(here, arm64, "arm64")));
        byte[] bytes = CanonicalJson.write(index);
        try (Leases.Lease lease = here.stores.leases.open()) {
            Digest digest = lease.hold(() -> here.stores.content.put(bytes));
            TreeDraft tree = new TreeDraft(
                    new Descriptor(MediaTypes.INDEX, digest, bytes.length),
                    Stream.of(amd64, arm64)
                            .map(image -> new TreeDraft.Part(
                                    image.manifest(), Optional.of(image), List.of(image.id(), image.manifest())))
                            .toList());
            here.images.store(tree, List.of(Reference.parse("multi")), "build");
        }
        byte[] archive = here.save(Format.OCI, "multi");
        there.load(archive);
        assertThat(there.images.resolve("multi", Platform.parse("linux/arm64")).id())
                .isEqualTo(arm64.id());
        assertThat(there.save(Format.OCI, "multi")).isEqualTo(archive);

        Side third = new Side(folder.resolve("third"));
        third.loader.load(new ByteArrayInputStream(archive), Optional.of(Platform.parse("linux/arm64")));
        assertThat(third.images.list()).hasSize(1);
        assertThatThrownBy(() -> third.loader.load(
                        new ByteArrayInputStream(archive), Optional.of(Platform.parse("linux/s390x"))))
                .isInstanceOf(NotFoundException.class);
    }

    private static ImageIndex.Entry entry(Side side, Image image, String architecture) {
        return new ImageIndex.Entry(
                MediaTypes.MANIFEST,
                image.manifest(),
                side.manifest(image).length,
                Platform.parse("linux/" + architecture),
                null);
    }

    @Test
    void compressedArchiveIsLoaded() throws IOException {
        Image image = here.image("amd64", "app", "app");
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(here.save(Format.DOCKER, "app"));
        }
        there.load(gzip.toByteArray());
        assertThat(there.images.resolve("app").id()).isEqualTo(image.id());
    }

    /** As docker wrote them up to version 24: folders of layers, a link for a layer that comes twice. */
    @Test
    void olderDockerArchiveIsLoaded() throws IOException {
        byte[] layer = tar(Map.of("file", "text".getBytes(StandardCharsets.UTF_8)));
        String diffId = Digest.sha256(layer).toString();
        byte[] config =
                ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                                + diffId + "\",\"" + diffId + "\"]}}")
                        .getBytes(StandardCharsets.UTF_8);
        String manifest =
                "[{\"Config\":\"c.json\",\"RepoTags\":[\"old:1\"],\"Layers\":[\"a/layer.tar\",\"b/layer.tar\"]}]";
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(archive)) {
            put(out, "a/layer.tar", layer);
            put(out, "a/VERSION", "1.0".getBytes(StandardCharsets.UTF_8));
            TarArchiveEntry link = new TarArchiveEntry("b/layer.tar", TarConstants.LF_SYMLINK);
            link.setLinkName("../a/layer.tar");
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
            put(out, "c.json", config);
            put(out, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(there.load(archive.toByteArray()))
                .containsExactly(LoadedImage.named(Reference.parse("old:1"), Digest.sha256(config)));
        Image loaded = there.images.resolve("old:1");
        assertThat(there.snapshotter.chain(loaded.snapshot().orElseThrow())).hasSize(2);
        Manifest written = CanonicalJson.read(there.manifest(loaded), Manifest.class, "manifest");
        assertThat(written.layers()).extracting(one -> one.digest().toString()).containsExactly(diffId, diffId);
        assertThat(here.load(there.save(Format.DOCKER, "old:1"))).hasSize(1);
    }

    /** As Jib, kaniko and crane write them: compressed layers, and a config that is named by its digest. */
    @Test
    void archiveOfAnotherBuilderIsLoaded() throws IOException {
        byte[] layer = tar(Map.of("file", "text".getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(layer);
        }
        byte[] config =
                ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                                + Digest.sha256(layer) + "\"]}}")
                        .getBytes(StandardCharsets.UTF_8);
        String name = Digest.sha256(config).toString();
        String blob = Digest.sha256(compressed.toByteArray()).hex() + ".tar.gz";
        String manifest = "[{\"Config\":\"" + name + "\",\"RepoTags\":[\"other:1\"],\"Layers\":[\"" + blob + "\"]}]";
        assertThat(there.load(tar(Map.of(
                        blob,
                        compressed.toByteArray(),
                        name,
                        config,
                        "manifest.json",
                        manifest.getBytes(StandardCharsets.UTF_8)))))
                .containsExactly(LoadedImage.named(Reference.parse("other:1"), Digest.sha256(config)));
        assertThat(there.snapshotter.chain(
                        there.images.resolve("other:1").snapshot().orElseThrow()))
                .hasSize(1);
    }

    /** As skopeo and umoci write it: without the annotation of docker and containerd. */
    @Test
    void tagWithoutRepositoryNamesNothing() throws IOException {
        Image image = here.image("amd64", "app", "app");
        Map<String, byte[]> files = files(here.save(Format.OCI, "app"));
        files.remove("manifest.json");
        assertThat(there.load(tar(referenced(files, image, "1.0"))))
                .containsExactly(new LoadedImage(Optional.empty(), image.id(), "1.0"));
        assertThat(there.images.names(image)).isEmpty();
        assertThat(there.load(tar(referenced(files, image, "example.com/app:2"))))
                .containsExactly(LoadedImage.named(Reference.parse("example.com/app:2"), image.id()));
        assertThat(there.load(tar(referenced(files, image, ""))))
                .containsExactly(new LoadedImage(Optional.empty(), image.id(), ""));
    }

    private Map<String, byte[]> referenced(Map<String, byte[]> files, Image image, String name) {
        Map<String, String> annotations = name.isEmpty() ? null : Map.of(ImageLayout.REF_NAME, name);
        ImageIndex.Entry entry = new ImageIndex.Entry(
                MediaTypes.MANIFEST, image.manifest(), here.manifest(image).length, null, annotations);
        return with(files, "index.json", CanonicalJson.write(new ImageIndex(2, MediaTypes.INDEX, List.of(entry))));
    }

    @Test
    void hostileArchivesLeaveNothing() throws IOException {
        Image image = here.image("amd64", "app", "app");
        byte[] good = here.save(Format.OCI, "app");
        Map<String, byte[]> files = files(good);
        String layer =
                "blobs/sha256/" + image.config().rootfs().diffIds().getLast().hex();
        List<byte[]> archives = new ArrayList<>();
        archives.add(Arrays.copyOf(good, good.length - 4096));
        archives.add(tar(without(files, layer)));
        archives.add(tar(without(files, "blobs/sha256/" + image.id().hex())));
        archives.add(tar(without(files, "index.json")));
        archives.add(tar(with(files, layer, "other".getBytes(StandardCharsets.UTF_8))));
        archives.add(tar(with(files, "blobs/sha256/short", new byte[1])));
        archives.add(tar(with(files, "../outside", new byte[1])));
        archives.add(tar(with(files, "index.json", "{\"manifests\":[]}".getBytes(StandardCharsets.UTF_8))));
        archives.add(tar(with(files, "index.json", "[".getBytes(StandardCharsets.UTF_8))));
        archives.add(tar(with(files, "index.json", new byte[5 << 20])));
        archives.add("no archive at all".repeat(100).getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(twice)) {
            for (int i = 0; i < 2; i++) {
                put(out, layer, files.get(layer));
            }
        }
        archives.add(twice.toByteArray());
        for (byte[] archive : archives) {
            assertThatThrownBy(() -> there.load(archive)).isInstanceOf(WherryException.class);
            there.holdsNothing();
        }
        assertThat(there.load(good)).hasSize(1);
    }

    /** Digests make it impossible, so an archive that has one lies about some digest. */
    @Test
    void indexThatRefersToItselfIsRefused() throws IOException {
        Digest one = Digest.sha256("one");
        Digest other = Digest.sha256("other");
        Map<String, byte[]> alone = layout(one);
        alone.put("blobs/sha256/" + one.hex(), indexOf(one));
        Map<String, byte[]> ring = layout(one);
        ring.put("blobs/sha256/" + one.hex(), indexOf(other));
        ring.put("blobs/sha256/" + other.hex(), indexOf(one));
        for (Map<String, byte[]> files : List.of(alone, ring)) {
            assertThatThrownBy(() -> there.load(tar(files)))
                    .isInstanceOf(CorruptContentException.class)
                    .hasMessageContaining(one.toString());
            there.holdsNothing();
        }
    }

    @Test
    void indexesWithinIndexesAreRefused() throws IOException {
        Image image = here.image("amd64", "app", "app");
        Map<String, byte[]> files = files(here.save(Format.OCI, "app"));
        byte[] document =
                CanonicalJson.write(new ImageIndex(2, MediaTypes.INDEX, List.of(entry(here, image, "amd64"))));
        for (int depth = 0; depth < 20; depth++) {
            files.put("blobs/sha256/" + Digest.sha256(document).hex(), document);
            document = indexOf(Digest.sha256(document));
        }
        files.put("index.json", document);
        files.remove("manifest.json");
        assertThatThrownBy(() -> there.load(tar(files)))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("an index of further indexes");
        there.holdsNothing();

        files.put("index.json", ("{\"manifests\":" + "[".repeat(1 << 20)).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> there.load(tar(files))).isInstanceOf(CorruptContentException.class);
        there.holdsNothing();
    }

    @Test
    void manifestThatAnIndexListsOftenIsLoadedOnce() throws IOException {
        Image image = here.image("amd64", "app", "app");
        Map<String, byte[]> files = files(here.save(Format.OCI, "app"));
        byte[] document = CanonicalJson.write(
                new ImageIndex(2, MediaTypes.INDEX, Collections.nCopies(10_000, entry(here, image, "amd64"))));
        Digest digest = Digest.sha256(document);
        files.putAll(layout(digest));
        files.put("blobs/sha256/" + digest.hex(), document);
        files.remove("manifest.json");
        assertThat(there.load(tar(files))).extracting(LoadedImage::image).containsExactly(image.id());
    }

    private static Map<String, byte[]> layout(Digest index) {
        return new LinkedHashMap<>(Map.of("index.json", indexOf(index)));
    }

    private static byte[] indexOf(Digest index) {
        return CanonicalJson.write(new ImageIndex(
                2, MediaTypes.INDEX, List.of(new ImageIndex.Entry(MediaTypes.INDEX, index, 9, null, null))));
    }

    @Test
    void wrongDiffIdIsRefused() throws IOException {
        Map<String, byte[]> files = files(
                here.save(Format.DOCKER, here.image("amd64", "app", "app").id().hex()));
        DockerManifest docker = CanonicalJson.read(files.get("manifest.json"), DockerManifest[].class, "manifest")[0];
        String config = new String(files.get(docker.config()), StandardCharsets.UTF_8);
        String swapped = config.replaceFirst("(\"diff_ids\":\\[\")sha256:[0-9a-f]{8}", "$1sha256:00000000");
        assertThat(swapped).isNotEqualTo(config);
        Map<String, byte[]> old = new LinkedHashMap<>();
        for (String name : docker.layers()) {
            old.put(name, files.get(name));
        }
        old.put("c.json", swapped.getBytes(StandardCharsets.UTF_8));
        old.put(
                "manifest.json",
                CanonicalJson.write(List.of(new DockerManifest("c.json", List.of("app"), docker.layers()))));
        assertThatThrownBy(() -> there.load(tar(old)))
                .isInstanceOf(WherryException.class)
                .hasMessageContaining("have another digest");
        there.holdsNothing();
    }

    @Test
    void nothingIsWrittenOfImagesThatAreNotHere() throws IOException {
        here.image("amd64", "app", "app");
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        assertThatThrownBy(() -> here.saver.save(
                        new SaveOptions(Format.OCI, List.of("app", "gone"), Optional.empty()), new TarWriter(archive)))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("no such image: gone");
        assertThat(archive.size()).isZero();
        assertThatThrownBy(() -> here.saver.save(
                        new SaveOptions(Format.OCI, List.of("app"), Optional.of(Platform.parse("linux/s390x"))),
                        new TarWriter(archive)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("does not provide the specified platform");
    }

    private static Map<String, byte[]> without(Map<String, byte[]> files, String name) {
        Map<String, byte[]> fewer = new LinkedHashMap<>(files);
        assertThat(fewer.remove(name)).isNotNull();
        return fewer;
    }

    private static Map<String, byte[]> with(Map<String, byte[]> files, String name, byte[] bytes) {
        Map<String, byte[]> more = new LinkedHashMap<>(files);
        more.put(name, bytes);
        return more;
    }
}

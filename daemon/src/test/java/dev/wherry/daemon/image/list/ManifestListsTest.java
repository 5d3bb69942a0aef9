package dev.wherry.daemon.image.list;

import static dev.wherry.daemon.image.RemoteImages.INDEX;
import static dev.wherry.daemon.image.RemoteImages.MANIFEST;
import static dev.wherry.daemon.image.RemoteImages.entry;
import static dev.wherry.daemon.image.RemoteImages.index;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RegistryNames;
import dev.wherry.daemon.image.RemoteImages;
import dev.wherry.daemon.image.copy.Copier;
import dev.wherry.daemon.image.push.PushResult;
import dev.wherry.daemon.registry.LocalRegistry;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RepositoryName;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of manifests that are in docker-registry. */
class ManifestListsTest {

    @TempDir
    static Path registryFolder;

    @TempDir
    Path folder;

    private static LocalRegistry registry;

    private PrivateStores stores;
    private Registries registries;
    private ManifestLists lists;

    @BeforeAll
    static void start() throws IOException {
        registry = new LocalRegistry(registryFolder);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        registries = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10));
        lists = lists();
    }

    private ManifestLists lists() {
        return new ManifestLists(
                stores.database,
                registries,
                new Copier(registries, new RegistryNames(stores.database, new Events(stores.database))));
    }

    private static Reference at(String name) {
        return Reference.parse(registry.host() + "/" + name);
    }

    private static Digest image(String repository, String tag, String architecture, int size) throws Exception {
        byte[] manifest = RemoteImages.image(registry, repository, architecture, size, "");
        return registry.pushManifest(repository, tag, MANIFEST, manifest);
    }

    private ManifestList create(boolean amend, String list, String... manifests) {
        return lists.create(
                at(list), Arrays.stream(manifests).map(ManifestListsTest::at).toList(), amend, RegistryLogins.NONE);
    }

    private static ListedPlatform platform(String architecture, String variant, String... features) {
        return new ListedPlatform(architecture, "", "", List.of(features), variant);
    }

    @Test
    void listIsPutTogetherAndPushedWithItsManifests() throws Exception {
        Digest amd64 = image("parts/amd64", "1", "amd64", 1000);
        Digest arm64 = image("app", "arm", "arm64", 1001);
        create(false, "app:1", "parts/amd64:1", "app:arm");
        lists.annotate(at("app:1"), at("app:arm"), platform("", "v8", "sse4"));
        lists.annotate(at("app:1"), at("app:arm"), platform("", "", "sse4", "avx"));

        List<PushResult> parts = new ArrayList<>();
        PushResult pushed = lists.push(at("app:1"), RegistryLogins.NONE, (_, _, _, _, _) -> {}, parts::add);
        assertThat(parts).extracting(PushResult::digest).containsExactly(amd64);
        assertThat(parts)
                .extracting(PushResult::reference)
                .containsExactly(at("app").withDigest(amd64));
        RemoteManifest remote =
                registries.open(new RepositoryName(registry.host(), "app")).manifest("1");
        assertThat(remote.digest()).isEqualTo(pushed.digest());
        assertThat(remote.mediaType()).isEqualTo(INDEX);
        assertThat(new String(remote.bytes(), StandardCharsets.UTF_8))
                .contains(
                        "\"digest\":\"" + amd64 + "\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}}",
                        "\"digest\":\"" + arm64 + "\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\","
                                + "\"os.features\":[\"sse4\",\"avx\"],\"variant\":\"v8\"}}");
        lists.remove(at("app:1"));
        assertThatThrownBy(() -> lists.get(at("app:1")))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("No such manifest: " + at("app:1").familiar());
    }

    @Test
    void listIsKeptAndAmendedOnlyWhereThatIsAskedFor() throws Exception {
        Digest first = image("kept", "a", "amd64", 1);
        image("kept", "b", "arm64", 2);
        create(true, "kept:1", "kept:a");
        assertThatThrownBy(() -> create(false, "kept:1", "kept:b"))
                .isInstanceOf(ConflictException.class)
                .hasMessage("refusing to amend an existing manifest list with no --amend flag");
        lists = lists();
        assertThat(lists.get(at("kept:1")).entries())
                .extracting(ListEntry::digest)
                .containsExactly(first);
        Digest changed = image("kept", "a", "amd64", 3);
        create(true, "kept:1", "kept:b", "kept:a");
        assertThat(lists.get(at("kept:1")).entries())
                .extracting(ListEntry::digest)
                .hasSize(2)
                .first()
                .isEqualTo(changed);
    }

    @Test
    void whatCannotBeListedIsSaid() throws Exception {
        byte[] one = RemoteImages.image(registry, "odd", "", 5, "");
        registry.pushManifest("odd", "none", MANIFEST, one);
        registry.pushManifest("odd", "index", INDEX, index(entry(one, "amd64")));
        assertThatThrownBy(() -> create(false, "odd:1", "odd:index"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(at("odd:index") + " is a manifest list");
        assertThatThrownBy(() -> create(false, "odd:1", "odd:absent")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> lists.get(at("odd:1"))).isInstanceOf(NotFoundException.class);

        create(false, "odd:1", "odd:none");
        assertThatThrownBy(() -> lists.push(at("odd:1"), RegistryLogins.NONE, (_, _, _, _, _) -> {}, _ -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "manifest " + at("odd:none") + " must have an OS and Architecture to be pushed to a registry");
        assertThatThrownBy(() -> lists.annotate(at("odd:1"), at("odd:2"), platform("arm64", "")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("manifest for image " + at("odd:2") + " does not exist in");
        lists.annotate(at("odd:1"), at("odd:none"), platform("arm64", ""));
        lists.push(at("odd:1"), RegistryLogins.NONE, (_, _, _, _, _) -> {}, _ -> {});
    }
}

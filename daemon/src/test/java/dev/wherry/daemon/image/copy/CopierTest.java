package dev.wherry.daemon.image.copy;

import static dev.wherry.daemon.access.Callers.failure;
import static dev.wherry.daemon.image.RemoteImages.INDEX;
import static dev.wherry.daemon.image.RemoteImages.MANIFEST;
import static dev.wherry.daemon.image.RemoteImages.descriptor;
import static dev.wherry.daemon.image.RemoteImages.entry;
import static dev.wherry.daemon.image.RemoteImages.index;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RegistryNames;
import dev.wherry.daemon.image.RemoteImages;
import dev.wherry.daemon.image.push.PushProgress;
import dev.wherry.daemon.image.push.PushResult;
import dev.wherry.daemon.registry.LocalRegistry;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.RepositoryName;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies between two docker-registries. */
class CopierTest {

    @TempDir
    static Path folders;

    @TempDir
    Path folder;

    private static LocalRegistry source;
    private static LocalRegistry target;

    private Registries registries;
    private Copier copier;

    @BeforeAll
    static void start() throws IOException {
        source = new LocalRegistry(folders.resolve("source"));
        target = new LocalRegistry(folders.resolve("target"));
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    @BeforeEach
    void open() {
        PrivateStores stores = new PrivateStores(folder);
        registries = new Registries(RegistrySettings.STANDARD, stores.content, Duration.ofSeconds(10));
        copier = new Copier(registries, new RegistryNames(stores.database, new Events(stores.database)));
    }

    private static byte[] image(String repository, String architecture, int size, String more) throws Exception {
        return RemoteImages.image(source, repository, architecture, size, more);
    }

    private static Reference at(LocalRegistry registry, String name) {
        return Reference.parse(registry.host() + "/" + name);
    }

    private RemoteRepository repository(LocalRegistry registry, String name) {
        return registries.open(new RepositoryName(registry.host(), name));
    }

    private byte[] copied(String repository, String selector) {
        return repository(target, repository).manifest(selector).bytes();
    }

    /** The last phase of each layer. */
    private static final class Phases implements PushProgress {
        private final Map<Digest, Phase> last = new ConcurrentHashMap<>();

        @Override
        public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes, String from) {
            last.put(layer, phase);
        }
    }

    private PushResult copy(Reference from, Reference to, PushProgress progress) {
        return copier.copy(from, to, Optional.empty(), false, RegistryLogins.NONE, progress);
    }

    @Test
    void indexIsCopiedByteForByteWithAllThatItLists() throws Exception {
        byte[] first = image("app", "amd64", 900_000, "");
        byte[] second = image("app", "arm64", 300_001, "\"annotations\":{\"a\":\"b\"},");
        byte[] inner = index(entry(second, "arm64"));
        source.pushManifest("app", Digest.sha256(inner).toString(), INDEX, inner);
        byte[] index = index(entry(first, "amd64"), descriptor(INDEX, inner, ""));
        Digest digest = source.pushManifest("app", "1", INDEX, index);

        Phases phases = new Phases();
        PushResult result = copy(at(source, "app:1"), at(target, "team/app:one"), phases);
        assertThat(result.digest()).isEqualTo(digest);
        assertThat(result.size()).isEqualTo(index.length);
        assertThat(copied("team/app", "one")).isEqualTo(index);
        assertThat(copied("team/app", Digest.sha256(inner).toString())).isEqualTo(inner);
        assertThat(copied("team/app", Digest.sha256(second).toString())).isEqualTo(second);
        assertThat(phases.last.values()).containsOnly(PushProgress.Phase.PUSHED).hasSize(2);

        Phases again = new Phases();
        copy(at(source, "app:1"), at(target, "team/app:one"), again);
        assertThat(again.last).isEmpty();

        Phases within = new Phases();
        copy(at(target, "team/app:one"), at(target, "other:one"), within);
        assertThat(copied("other", "one")).isEqualTo(index);
        assertThat(within.last.values()).containsOnly(PushProgress.Phase.MOUNTED);

        byte[] half = index(entry(first, "amd64"));
        source.pushManifest("app", "half", INDEX, half);
        Phases rest = new Phases();
        copy(at(source, "app:half"), at(target, "team/app:half"), rest);
        assertThat(copied("team/app", "half")).isEqualTo(half);
        assertThat(rest.last)
                .as("what a manifest that is there names is not asked for")
                .isEmpty();
    }

    @Test
    void platformIsCopiedAlone() throws Exception {
        byte[] first = image("pair", "amd64", 1000, "");
        byte[] second = image("pair", "arm64", 1001, "");
        source.pushManifest("pair", "1", INDEX, index(entry(first, "amd64"), entry(second, "arm64")));
        source.pushManifest("pair", "arm", MANIFEST, second);
        copyFor("linux/arm64", "pair:1", "one:1");
        assertThat(copied("one", "1")).isEqualTo(second);
        copyFor("linux/arm64", "pair:arm", "one:2");
        assertThat(copied("one", "2")).isEqualTo(second);
        assertThatThrownBy(() -> copyFor("linux/s390x", "pair:1", "one:3"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageEndingWith("has no image for linux/s390x: only for linux/amd64, linux/arm64");
        assertThatThrownBy(() -> copyFor("linux/amd64", "pair:arm", "one:3"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageEndingWith("has no image for linux/amd64: only for linux/arm64");
    }

    private void copyFor(String platform, String from, String to) {
        copier.copy(
                at(source, from),
                at(target, to),
                Optional.of(Platform.parse(platform)),
                false,
                RegistryLogins.NONE,
                new Phases());
    }

    @Test
    void referrersTravelWhereTheyAreAskedFor() throws Exception {
        byte[] image = image("signed", "amd64", 2000, "");
        Digest digest = source.pushManifest("signed", "1", MANIFEST, image);
        byte[] signature = image(
                "signed",
                "amd64",
                2001,
                "\"artifactType\":\"a/signature\",\"subject\":" + descriptor(MANIFEST, image, "") + ",");
        byte[] seal = image("signed", "amd64", 2002, "\"subject\":" + descriptor(MANIFEST, signature, "") + ",");
        // docker-registry has no list of referrers: whoever pushes writes the index.
        source.pushManifest("signed", tag(image), INDEX, index(descriptor(MANIFEST, signature, "")));
        source.pushManifest("signed", tag(signature), INDEX, index(descriptor(MANIFEST, seal, "")));

        copy(at(source, "signed:1"), at(target, "plain:1"), new Phases());
        assertThat(repository(target, "plain").referrers(digest)).isEmpty();
        for (int i = 0; i < 2; i++) {
            copyWithReferrers("signed:1", "full:1");
            assertThat(repository(target, "full").referrers(digest))
                    .extracting(Descriptor::digest)
                    .containsExactly(Digest.sha256(signature));
        }
        assertThat(new String(copied("full", tag(image)), StandardCharsets.UTF_8))
                .contains("\"artifactType\":\"a/signature\"");
        assertThat(copied("full", Digest.sha256(seal).toString())).isEqualTo(seal);
    }

    /** As cosign has them: no subject, but a tag made of the digest of what is signed. */
    @Test
    void tagsOfReferrersTravelToo() throws Exception {
        byte[] image = image("cosigned", "amd64", 3000, "");
        source.pushManifest("cosigned", Digest.sha256(image).toString(), MANIFEST, image);
        byte[] index = index(entry(image, "amd64"));
        Digest digest = source.pushManifest("cosigned", "1", INDEX, index);
        byte[] signature = image("cosigned", "amd64", 3001, "");
        byte[] attestation = image("cosigned", "amd64", 3002, "");
        byte[] bill = image("cosigned", "amd64", 3003, "");
        byte[] ofSignature = image("cosigned", "amd64", 3004, "");
        byte[] artifact = image("cosigned", "amd64", 3005, "");
        byte[] list = index(descriptor(MANIFEST, artifact, ""));
        source.pushManifest("cosigned", tag(index) + ".sig", MANIFEST, signature);
        source.pushManifest("cosigned", tag(image) + ".att", MANIFEST, attestation);
        source.pushManifest("cosigned", tag(image) + ".sbom", MANIFEST, bill);
        source.pushManifest("cosigned", tag(signature) + ".sig", MANIFEST, ofSignature);
        source.pushManifest("cosigned", Digest.sha256(artifact).toString(), MANIFEST, artifact);
        source.pushManifest("cosigned", tag(index), INDEX, list);

        copy(at(source, "cosigned:1"), at(target, "cosigned:1"), new Phases());
        assertThat(repository(target, "cosigned").tags()).containsExactly("1");

        copyWithReferrers("cosigned:1", "cosigned:1");
        assertThat(copied("cosigned", tag(index) + ".sig")).isEqualTo(signature);
        assertThat(copied("cosigned", tag(image) + ".att")).isEqualTo(attestation);
        assertThat(copied("cosigned", tag(image) + ".sbom")).isEqualTo(bill);
        assertThat(copied("cosigned", tag(signature) + ".sig")).isEqualTo(ofSignature);
        assertThat(copied("cosigned", tag(index))).isEqualTo(list);
        assertThat(repository(target, "cosigned").referrers(digest))
                .extracting(Descriptor::digest)
                .containsExactly(Digest.sha256(artifact));

        byte[] later = image("cosigned", "amd64", 3006, "");
        source.pushManifest("cosigned", tag(index) + ".sig", MANIFEST, later);
        copyWithReferrers("cosigned:1", "cosigned:1");
        assertThat(copied("cosigned", tag(index) + ".sig")).isEqualTo(later);
    }

    private void copyWithReferrers(String from, String to) {
        copier.copy(at(source, from), at(target, to), Optional.empty(), true, RegistryLogins.NONE, new Phases());
    }

    private static String tag(byte[] manifest) {
        return "sha256-" + Digest.sha256(manifest).hex();
    }

    @Test
    void indexesInIndexesEnd() throws Exception {
        byte[] inner = image("deep", "amd64", 10, "");
        String entry = entry(inner, "amd64");
        for (int depth = 0; depth < 12; depth++) {
            byte[] index = index(entry);
            source.pushManifest("deep", depth == 11 ? "1" : Digest.sha256(index).toString(), INDEX, index);
            entry = descriptor(INDEX, index, "");
        }
        assertThatThrownBy(() -> copy(at(source, "deep:1"), at(target, "deep:1"), new Phases()))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("indexes in indexes more than 8 deep");
        assertThatThrownBy(() -> copied("deep", "1")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void sourceIsWhatTheCallerMayPull() {
        assertThat(failure(
                        Callers.puller(target.host()),
                        () -> copy(at(source, "app:1"), at(target, "app:1"), new Phases())))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageContaining("may not pull from");
    }

    @Test
    void targetIsATag() {
        assertThatThrownBy(() -> copy(at(source, "app:1"), at(target, "app@sha256:" + "a".repeat(64)), new Phases()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("cannot copy to a digest reference");
        assertThatThrownBy(() -> copy(at(source, "absent:1"), at(target, "app:1"), new Phases()))
                .isInstanceOf(NotFoundException.class);
    }
}

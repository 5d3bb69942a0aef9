package dev.wherry.daemon.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.NotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {

    private static final byte[] HELLO = "hello, content".getBytes(StandardCharsets.UTF_8);
    private static final Digest HELLO_DIGEST = Digest.sha256(HELLO);

    @TempDir
    Path folder;

    private PrivateStores stores;
    private ContentStore content;

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        content = stores.content;
    }

    @Test
    void whatIsPutIsFoundByItsDigest() throws IOException {
        assertThat(content.contains(HELLO_DIGEST)).isFalse();
        assertThat(content.put(HELLO)).isEqualTo(HELLO_DIGEST);
        assertThat(content.read(HELLO_DIGEST, HELLO.length)).isEqualTo(HELLO);
        assertThat(content.open(HELLO_DIGEST).readAllBytes()).isEqualTo(HELLO);
        assertThat(ingests()).isZero();
    }

    @Test
    void absentBlobIsNotFound() {
        assertThatThrownBy(() -> content.open(HELLO_DIGEST)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void readRefusesMoreThanItsLimit() {
        content.put(HELLO);
        assertThatThrownBy(() -> content.read(HELLO_DIGEST, HELLO.length - 1)).isInstanceOf(ExhaustedException.class);
    }

    @Test
    void ingestGoesOnInAnotherLifeOfTheDaemon() throws IOException {
        try (Ingest ingest = content.ingest("k")) {
            ingest.write(HELLO, 0, 5);
        }
        ContentStore next = new PrivateStores(folder).content;
        try (Ingest ingest = next.ingest("k")) {
            assertThat(ingest.offset()).isEqualTo(5);
            ingest.write(HELLO, 5, HELLO.length - 5);
            ingest.commit(HELLO_DIGEST, HELLO.length);
        }
        assertThat(next.read(HELLO_DIGEST, 100)).isEqualTo(HELLO);
    }

    @Test
    void nextLifeRemovesWhatNobodyGoesOnWith() throws IOException {
        try (Ingest nameless = content.ingest();
                Ingest named = content.ingest("k")) {
            nameless.write(HELLO, 0, 5);
            named.write(HELLO, 0, 5);
        }
        assertThat(ingests()).isEqualTo(2);
        ContentStore next = new PrivateStores(folder).content;
        next.recover();

        assertThat(ingests()).isEqualTo(1);
        try (Ingest ingest = next.ingest("k")) {
            assertThat(ingest.offset()).isEqualTo(5);
        }
    }

    @Test
    void digestOfAnIngestIsKnownBeforeItIsPublished() {
        try (Ingest ingest = content.ingest()) {
            ingest.write(HELLO, 0, HELLO.length);
            assertThat(ingest.digest()).isEqualTo(HELLO_DIGEST);
            assertThat(content.contains(HELLO_DIGEST)).isFalse();
            assertThatThrownBy(() -> ingest.require(HELLO_DIGEST, 1)).isInstanceOf(CorruptContentException.class);
        }
        try (Ingest ingest = content.ingest()) {
            ingest.write(HELLO, 0, HELLO.length);
            ingest.require(HELLO_DIGEST, HELLO.length);
            assertThat(ingest.commit()).isEqualTo(HELLO_DIGEST);
        }
        assertThat(content.read(HELLO_DIGEST, 100)).isEqualTo(HELLO);
    }

    @Test
    void wrongBytesAreDropped() throws IOException {
        try (Ingest ingest = content.ingest("k")) {
            ingest.write(HELLO, 0, HELLO.length);
            assertThatThrownBy(() -> ingest.commit(Digest.sha256("other"), HELLO.length))
                    .isInstanceOf(CorruptContentException.class)
                    .hasMessageContaining(HELLO_DIGEST.toString());
        }
        try (Ingest again = content.ingest("k")) {
            assertThat(again.offset()).isZero();
        }
        assertThat(content.contains(HELLO_DIGEST)).isFalse();
    }

    @Test
    void bytesDamagedBetweenTwoLivesAreNoticed() throws IOException {
        try (Ingest ingest = content.ingest("k")) {
            ingest.write(HELLO, 0, HELLO.length);
        }
        try (Stream<Path> files = Files.list(stores.layout.ingests())) {
            Files.writeString(files.findFirst().orElseThrow(), "hellO, content");
        }
        try (Ingest ingest = content.ingest("k")) {
            assertThatThrownBy(() -> ingest.commit(HELLO_DIGEST, HELLO.length))
                    .isInstanceOf(CorruptContentException.class);
        }
    }

    @Test
    void wrongSizeIsCorrupt() {
        try (Ingest ingest = content.ingest("k")) {
            ingest.write(HELLO, 0, HELLO.length);
            assertThatThrownBy(() -> ingest.commit(HELLO_DIGEST, HELLO.length + 1))
                    .isInstanceOf(CorruptContentException.class);
        }
    }

    @Test
    void sha512IsVerifiedToo() throws Exception {
        String hex =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(HELLO));
        Digest digest = new Digest("sha512", hex);
        try (Ingest ingest = content.ingest("k")) {
            ingest.write(HELLO, 0, HELLO.length);
            ingest.commit(digest, HELLO.length);
        }
        assertThat(content.read(digest, 100)).isEqualTo(HELLO);
    }

    @Test
    void secondIngestOfAKeyWaitsForTheFirst() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Ingest first = content.ingest("k");
            CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(
                    () -> {
                        try (Ingest ingest = content.ingest("k")) {
                            return content.contains(HELLO_DIGEST) && ingest.offset() == 0;
                        }
                    },
                    executor);
            first.write(HELLO, 0, HELLO.length);
            assertThat(second).isNotDone();
            first.commit(HELLO_DIGEST, HELLO.length);
            assertThat(second.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void collectKeepsWhatImagesAndLeasesName() {
        Digest named = content.put(HELLO);
        stores.execute("INSERT INTO image VALUES ('sha256:x', 'sha256:y', NULL, 0, 0, 0)");
        stores.execute("INSERT INTO image_blob VALUES ('sha256:x', '" + named + "')");
        try (var lease = stores.leases.open()) {
            Digest held = lease.hold(() -> content.put("held".getBytes(StandardCharsets.UTF_8)));
            Digest loose = content.put("loose".getBytes(StandardCharsets.UTF_8));

            assertThat(content.collect()).isEqualTo("loose".length());
            assertThat(content.contains(named)).isTrue();
            assertThat(content.contains(held)).isTrue();
            assertThat(content.contains(loose)).isFalse();
            lease.close();
            content.collect();
            assertThat(content.contains(held)).isFalse();
        }
    }

    @Test
    void whatWasReleasedGoesUnlessOthersNameIt() {
        Digest ofImage = content.put(HELLO);
        Digest ofTree = content.put("tree".getBytes(StandardCharsets.UTF_8));
        Digest loose = content.put("loose".getBytes(StandardCharsets.UTF_8));
        Digest other = content.put("other".getBytes(StandardCharsets.UTF_8));
        stores.execute("INSERT INTO image VALUES ('sha256:x', 'sha256:y', NULL, 0, 0, 0)");
        stores.execute("INSERT INTO image_blob VALUES ('sha256:x', '" + ofImage + "')");
        stores.execute("INSERT INTO manifest_tree VALUES ('sha256:t', 'index')");
        stores.execute("INSERT INTO manifest_blob VALUES ('sha256:t', 'sha256:m', '" + ofTree + "')");
        try (var lease = stores.leases.open()) {
            Digest held = lease.hold(() -> content.put("held".getBytes(StandardCharsets.UTF_8)));

            content.collect(Set.of(ofImage, ofTree, loose, held, Digest.sha256("never here")));

            assertThat(Stream.of(ofImage, ofTree, held, other)).allMatch(content::contains);
            assertThat(content.contains(loose)).isFalse();
        }
    }

    @Test
    void collectForgetsIngestsAfterADayUnlessTheyGoOn() throws IOException {
        content.ingest("fresh").close();
        content.ingest("stale").close();
        Ingest going = content.ingest("going");
        try (Stream<Path> files = Files.list(stores.layout.ingests())) {
            for (Path file : files.toList()) {
                if (!file.endsWith(Digest.sha256("fresh").hex())) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
                }
            }
        }
        content.collect();
        assertThat(stores.layout.ingests().resolve(Digest.sha256("fresh").hex()))
                .exists();
        assertThat(stores.layout.ingests().resolve(Digest.sha256("stale").hex()))
                .doesNotExist();
        assertThat(stores.layout.ingests().resolve(Digest.sha256("going").hex()))
                .exists();
        going.close();
    }

    @Test
    void startKeepsBlobsOfAnInterruptedPullForADay() throws IOException {
        Digest recent = content.put(HELLO);
        Digest old = content.put("old".getBytes(StandardCharsets.UTF_8));
        Files.setLastModifiedTime(content.path(old), FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        content.recover();
        assertThat(content.contains(recent)).isTrue();
        assertThat(content.contains(old)).isFalse();
    }

    private long ingests() throws IOException {
        try (Stream<Path> files = Files.list(stores.layout.ingests())) {
            return files.count();
        }
    }
}

package dev.wherry.daemon.builder.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount.Sharing;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets which folder, and what becomes of it. */
class CacheMountsTest {

    private static final Digest KEY = Digest.sha256("key");

    @TempDir
    private Path folder;

    private PrivateStores stores;
    private CacheMounts mounts;

    @BeforeEach
    void open() {
        stores = new PrivateStores(folder);
        mounts = new CacheMounts(stores.database, stores.layout);
    }

    private CacheMounts.Use acquire(Sharing sharing) throws InterruptedException {
        return mounts.acquire(KEY, "npm", sharing, empty -> {});
    }

    /** Acquires in a thread of its own, which the future ends with; returns when that thread waits. */
    private Thread waiter(CompletableFuture<Path> acquired) {
        Thread waiter = Thread.startVirtualThread(() -> {
            try {
                acquired.complete(acquire(Sharing.LOCKED).directory());
            } catch (InterruptedException e) {
                acquired.completeExceptionally(e);
            }
        });
        await().until(() -> waiter.getState() == Thread.State.WAITING);
        return waiter;
    }

    @Test
    void whatAStepLeavesIsThereForTheNextAndAfterARestart() throws Exception {
        try (CacheMounts.Use use = acquire(Sharing.SHARED)) {
            Files.writeString(use.directory().resolve("f"), "kept");
        }
        CacheMounts later = new CacheMounts(stores.database, stores.layout);
        later.recover();
        try (CacheMounts.Use use = later.acquire(KEY, "npm", Sharing.LOCKED, empty -> {})) {
            assertThat(use.directory().resolve("f")).hasContent("kept");
        }
    }

    @Test
    void anotherKeyIsAnotherFolder() throws Exception {
        try (CacheMounts.Use one = acquire(Sharing.SHARED);
                CacheMounts.Use two = mounts.acquire(Digest.sha256("other"), "npm", Sharing.SHARED, empty -> {})) {
            assertThat(one.directory()).isNotEqualTo(two.directory());
        }
    }

    @Test
    void aNewFolderBeginsWithItsFillingAndAnOldOneIsLeftAlone() throws Exception {
        for (String text : new String[] {"first", "second"}) {
            try (CacheMounts.Use use =
                    mounts.acquire(KEY, "npm", Sharing.SHARED, empty -> Files.writeString(empty.resolve("f"), text))) {
                assertThat(use.directory().resolve("f")).hasContent("first");
            }
        }
    }

    @Test
    void sharedIsForAllAtOnceAndPrivateForOneEach() throws Exception {
        try (CacheMounts.Use one = acquire(Sharing.SHARED);
                CacheMounts.Use two = acquire(Sharing.SHARED);
                CacheMounts.Use own = acquire(Sharing.PRIVATE)) {
            assertThat(two.directory()).isEqualTo(one.directory()).isNotEqualTo(own.directory());
        }
        try (CacheMounts.Use again = acquire(Sharing.PRIVATE)) {
            assertThat(mounts.list()).hasSize(2);
        }
    }

    @Test
    void lockedWaitsUntilTheOtherHasEnded() throws Exception {
        CompletableFuture<Path> waiting = new CompletableFuture<>();
        try (CacheMounts.Use use = acquire(Sharing.LOCKED)) {
            waiter(waiting);
            assertThat(waiting).isNotDone();
        }
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void aWaiterCanBeInterrupted() throws Exception {
        try (CacheMounts.Use use = acquire(Sharing.LOCKED)) {
            CompletableFuture<Path> waiting = new CompletableFuture<>();
            waiter(waiting).interrupt();
            assertThat(waiting)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withCauseInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aFailedFillingLeavesNothingAndLetsTheNextTry() throws Exception {
        assertThatThrownBy(() -> mounts.acquire(KEY, "npm", Sharing.SHARED, empty -> {
                    throw new java.io.IOException("no");
                }))
                .hasMessageContaining("npm");
        acquire(Sharing.SHARED).close();
        assertThat(mounts.list()).hasSize(1);
    }

    @Test
    void oneInUseIsListedSoAndNotRemoved() throws Exception {
        long id;
        try (CacheMounts.Use use = acquire(Sharing.SHARED)) {
            Files.writeString(use.directory().resolve("f"), "12345");
            CacheMount listed = mounts.list().getFirst();
            id = listed.id();
            assertThat(listed.name()).isEqualTo("npm");
            assertThat(listed.sizeBytes()).isEqualTo(5);
            assertThat(listed.inUse()).isTrue();
            assertThatThrownBy(() -> mounts.remove(id)).isInstanceOf(ConflictException.class);
        }
        assertThat(mounts.list().getFirst().inUse()).isFalse();
        assertThat(mounts.remove(id)).isEqualTo(5);
        assertThat(mounts.list()).isEmpty();
        assertThat(mounts.remove(id)).isZero();
    }

    @Test
    void recoveryRemovesWhatWasLeftHalfMade() throws Exception {
        acquire(Sharing.SHARED).close();
        Path all = stores.layout.cacheMounts();
        Files.createDirectories(all.resolve("new-1"));
        Files.createDirectories(all.resolve("77"));
        stores.execute("INSERT INTO cache_mount (id, key, name, created_at, used_at) VALUES (99, 'k', 'n', 0, 0)");
        new CacheMounts(stores.database, stores.layout).recover();
        assertThat(all.toFile().list()).containsExactly("1");
        assertThat(mounts.list()).hasSize(1);
    }
}

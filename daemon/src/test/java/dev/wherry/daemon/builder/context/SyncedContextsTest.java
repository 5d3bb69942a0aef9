package dev.wherry.daemon.builder.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.metadata.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncedContextsTest {

    private static final String LONG = "long enough to be worth a question\n".repeat(3000);
    private static final SyncedContexts.Question QUESTION =
            new SyncedContexts.Question(Optional.empty(), List.of(".dockerignore"));

    @TempDir
    private Path folder;

    private final FakeClient client = new FakeClient("mia");
    private ContextLimits limits = new ContextLimits(1 << 30, 1 << 30);
    private SyncedContexts contexts;
    private ContextCopies copies;
    private DigestFiles digests;

    @BeforeEach
    void start() {
        Layout layout = new Layout(folder.resolve("root"), folder.resolve("run"));
        ContextLocks locks = new ContextLocks();
        copies = new ContextCopies(layout, locks);
        digests = new DigestFiles(layout);
        contexts = new SyncedContexts(layout, locks, limits, copies, digests);
    }

    /** A client's directory that is made up: what it lists and what it sends need not fit together. */
    private static class FakeClient implements SyncedContexts.Client {

        private final String owner;
        private long mostBytes = Long.MAX_VALUE;
        private final Map<String, SyncedFile> files = new LinkedHashMap<>();
        private final Map<String, byte[]> contents = new LinkedHashMap<>();
        private final List<String> sent = new ArrayList<>();
        private final List<String> digested = new ArrayList<>();

        FakeClient(String owner) {
            this.owner = owner;
        }

        FakeClient file(String path, String content, long time) {
            contents.put(path, content.getBytes(StandardCharsets.UTF_8));
            return put(path, FileStatus.REGULAR | 0640, contents.get(path).length, time, "");
        }

        FakeClient directory(String path, long time) {
            return put(path, FileStatus.DIRECTORY | 0755, 4096, time, "");
        }

        FakeClient link(String path, String target, long time) {
            return put(path, FileStatus.SYMLINK | 0777, target.length(), time, target);
        }

        FakeClient put(String path, int mode, long size, long time, String target) {
            files.put(path, new SyncedFile(Path.of(path), mode, size, time, target.getBytes(StandardCharsets.UTF_8)));
            return this;
        }

        @Override
        public String owner() {
            return owner;
        }

        @Override
        public long mostBytes() {
            return mostBytes;
        }

        @Override
        public SyncedContexts.Overview overview(SyncedContexts.Question question, Consumer<SyncedFile> listed) {
            sent.clear();
            digested.clear();
            files.values().forEach(listed);
            Optional<IgnoreFile> ignore = question.ignoreFiles().stream()
                    .filter(contents::containsKey)
                    .findFirst()
                    .map(name -> new IgnoreFile(name, contents.get(name)));
            return new SyncedContexts.Overview(Optional.empty(), ignore);
        }

        @Override
        public void read(List<Path> paths, SyncedContexts.Receiver receiver) throws IOException {
            for (Path path : paths) {
                sent.add(path.toString());
                receiver.chunk(path, contents.get(path.toString()), true);
            }
        }

        @Override
        public List<byte[]> digests(List<Path> paths) {
            List<byte[]> answers = new ArrayList<>();
            for (Path path : paths) {
                digested.add(path.toString());
                answers.add(digest(path));
            }
            return answers;
        }

        byte[] digest(Path path) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(contents.get(path.toString()));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private Path sync(FakeClient from, String name) throws InterruptedException {
        try (SyncedContexts.Copy copy = contexts.sync(name, QUESTION, from)) {
            return copy.root();
        }
    }

    @Test
    void theCopyIsAsTheClientSays() throws Exception {
        client.directory("d", 7_000_000_000L)
                .file("d/f", "content", 5_000_000_001L)
                .link("d/l", "../../etc", 3);

        Path root = sync(client, "/src");

        FileStatus file = Inodes.status(root.resolve("d/f"));
        assertThat(root.resolve("d/f")).hasContent("content");
        assertThat(file.permissions()).isEqualTo(0640);
        assertThat(file.modified()).isEqualTo(5);
        assertThat(file.modifiedNanos()).isEqualTo(1);
        assertThat(Inodes.status(root.resolve("d")).modified()).isEqualTo(7);
        assertThat(Files.readSymbolicLink(root.resolve("d/l"))).hasToString("../../etc");
    }

    @Test
    void onlyWhatChangedIsSent() throws Exception {
        client.directory("d", 1)
                .file("d/kept", "1", 1)
                .file("d/changed", "1", 1)
                .file("gone", "1", 1);
        sync(client, "/src");
        client.files.remove("gone");

        Path root = sync(client.file("d/changed", "2", 2).file("new", "3", 3), "/src");

        assertThat(client.sent).containsExactlyInAnyOrder("d/changed", "new");
        assertThat(root.resolve("d/changed")).hasContent("2");
        assertThat(root.resolve("gone")).doesNotExist();
        assertThat(Inodes.status(root.resolve("d")).modifiedNanos()).isEqualTo(1);
        sync(client, "/src");
        assertThat(client.sent).isEmpty();
    }

    @Test
    void aNewDaemonKnowsWhatIsThere() throws Exception {
        client.directory("d", 1).file("d/f", "1", 1);
        Path root = sync(client, "/src");
        start();

        sync(client, "/src");
        assertThat(client.sent).isEmpty();

        // Without an index, as after a reboot, by a look at the files.
        Files.delete(root.resolveSibling("index"));
        Files.writeString(root.resolve("d/left over"), "");
        start();
        sync(client, "/src");
        assertThat(client.sent).isEmpty();
        assertThat(root.resolve("d/left over")).doesNotExist();
    }

    @Test
    void aSyncThatBreaksOffIsMadeUpFor() throws Exception {
        client.file("a", "1", 1).file("b", "1", 1);
        FakeClient dying = new FakeClient("mia");
        dying.file("a", "1", 1).file("b", "1", 1);
        dying.contents.put("b", "longer than it was".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> sync(dying, "/src"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("b changed while it was sent: build again");

        Path root = sync(client, "/src");

        assertThat(root.resolve("b")).hasContent("1");
        assertThat(client.sent).contains("b");
    }

    @Test
    void contentThatTheOwnerSentBeforeIsNotSentAgain() throws Exception {
        sync(client.file("a", LONG, 1), "/one");
        FakeClient other =
                new FakeClient("mia").directory("d", 1).file("d/same", LONG, 9).file("other", LONG + "!", 9);

        Path root = sync(other, "/two");

        assertThat(other.digested).containsExactly("d/same");
        assertThat(other.sent).containsExactly("other");
        assertThat(root.resolve("d/same")).hasContent(LONG);
        assertThat(Inodes.status(root.resolve("d/same")).modifiedNanos()).isEqualTo(9);
    }

    @Test
    void aRenamedFileIsNotSentAgain() throws Exception {
        sync(client.file("a", LONG, 1), "/src");
        client.files.clear();

        Path root = sync(client.directory("d", 1).file("d/a", LONG, 1), "/src");

        assertThat(client.sent).isEmpty();
        assertThat(root.resolve("d/a")).hasContent(LONG);
        assertThat(root.resolve("a")).doesNotExist();
    }

    @Test
    void nobodyGetsWhatAnotherOwnerSent() throws Exception {
        Path root = sync(client.file("a", LONG, 1), "/src");
        FakeClient thief = new FakeClient("eve").file("a", LONG, 1);

        Path own = sync(thief, "/src");

        assertThat(own).isNotEqualTo(root);
        assertThat(thief.digested).isEmpty();
        assertThat(thief.sent).containsExactly("a");
    }

    @Test
    void aDigestIsBelievedOnlyOfWhatHasIt() throws Exception {
        Path root = sync(client.file("a", LONG, 1), "/one");
        Files.writeString(root.resolve("a"), LONG.replace('l', 'x'));
        FakeClient other = new FakeClient("mia").file("b", LONG, 1);

        Path second = sync(other, "/two");

        assertThat(other.sent).containsExactly("b");
        assertThat(second.resolve("b")).hasContent(LONG);
    }

    @Test
    void arrivedFilesNeedNotBeReadForTheirDigests() throws Exception {
        Path root = sync(client.file("a", LONG, 1), "/src");
        FileStatus status = Inodes.status(root.resolve("a"));

        assertThat(digests.of(root).known())
                .extractingByKey(new ContentDigests.Inode(status.device(), status.inode()))
                .matches(known -> known.describes(status))
                .extracting(ContentDigests.Known::digest)
                .isEqualTo(client.digest(Path.of("a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc/passwd", "d/../../out", "", ".", "d/./f"})
    void pathsThatLeadOutAreRefused(String path) {
        client.directory("d", 1).file(path, "evil", 1);

        assertThatThrownBy(() -> sync(client, "/src"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("leads out of it");
    }

    @Test
    void nothingIsWrittenThroughALink() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        client.link("l", outside.toString(), 1).file("l/f", "evil", 1);
        assertThatThrownBy(() -> sync(client, "/src"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("outside a directory");

        client.files.clear();
        sync(client.directory("l", 1).file("l/f", "1", 1), "/src");
        client.files.clear();
        sync(client.link("l", outside.toString(), 2), "/src");
        client.files.clear();
        Path root = sync(client.directory("l", 3).file("l/f", "2", 3), "/src");

        assertThat(root.resolve("l/f")).hasContent("2");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aFileThatIsListedTwiceIsRefused() {
        FakeClient twice = new FakeClient("mia");
        assertThatThrownBy(() -> contexts.sync("/src", QUESTION, new FakeListing(twice.file("f", "1", 1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("twice");
    }

    /** Lists each file twice. */
    private record FakeListing(FakeClient client) implements SyncedContexts.Client {

        @Override
        public String owner() {
            return client.owner();
        }

        @Override
        public SyncedContexts.Overview overview(SyncedContexts.Question question, Consumer<SyncedFile> files) {
            client.overview(question, files);
            return client.overview(question, files);
        }

        @Override
        public void read(List<Path> paths, SyncedContexts.Receiver receiver) throws IOException {
            client.read(paths, receiver);
        }

        @Override
        public List<byte[]> digests(List<Path> paths) {
            return client.digests(paths);
        }
    }

    @Test
    void aContextLargerThanAllowedIsRefusedBeforeItIsSent() {
        limits = new ContextLimits(1000, 1 << 30);
        start();
        client.put("huge", FileStatus.REGULAR | 0644, Long.MAX_VALUE, 1, "")
                .put("more", FileStatus.REGULAR | 0644, Long.MAX_VALUE, 1, "");

        assertThatThrownBy(() -> sync(client, "/src"))
                .isInstanceOf(ExhaustedException.class)
                .hasMessageContaining("context-limit");
        assertThat(client.sent).isEmpty();
    }

    @Test
    void copiesUsedLongestAgoMakeRoom() throws Exception {
        limits = new ContextLimits(1000, 10_000);
        start();
        Path oldest = sync(new FakeClient("eve").file("f", "x".repeat(1000), 1), "/eve");
        Path first = sync(client.file("f", "y".repeat(1000), 1), "/1");

        Path second = sync(new FakeClient("mia").file("f", "z".repeat(1000), 1), "/2");

        assertThat(first).as("the owner's own copy goes first").doesNotExist();
        assertThat(oldest).exists();
        sync(new FakeClient("zoe").file("f", "a".repeat(1000), 1), "/3");
        assertThat(oldest).doesNotExist();
        assertThat(second).exists();
    }

    @Test
    void ownCopiesMakeRoomWithinTheQuotaOfTheOwner() throws Exception {
        Path others = sync(new FakeClient("eve").file("f", "x".repeat(1000), 1), "/eve");
        client.mostBytes = 10_000;
        Path first = sync(client.file("f", "y".repeat(1000), 1), "/1");
        Path second = sync(client, "/2");
        sync(client, "/3");

        assertThat(first).doesNotExist();
        assertThat(second).exists();
        assertThat(others).exists();
    }

    @Test
    void contextLargerThanTheQuotaOfTheOwnerIsRefused() throws Exception {
        client.mostBytes = 5000;
        Path first = sync(client.file("f", "y".repeat(1000), 1), "/1");
        client.file("g", "y".repeat(1000), 1);

        assertThatThrownBy(() -> sync(client, "/1"))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("quota of build contexts: those of mia may take 4.9KiB, and would take 8KiB with this one");
        assertThatThrownBy(() -> sync(client, "/2")).isInstanceOf(ExhaustedException.class);
        assertThat(first).as("nothing makes room for what can never fit").exists();
    }

    @Test
    void contextThatStillArrivesCountsForTheQuotaOfItsOwner() throws Exception {
        CountDownLatch arriving = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FakeClient slow = new FakeClient("mia") {
            @Override
            public void read(List<Path> paths, SyncedContexts.Receiver receiver) throws IOException {
                arriving.countDown();
                try {
                    go.await();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
                super.read(paths, receiver);
            }
        };
        slow.mostBytes = 5000;
        client.mostBytes = 5000;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> sync(slow.file("f", "y".repeat(1000), 1), "/1"));
            arriving.await();
            try {
                assertThatThrownBy(() -> sync(client.file("f", "z".repeat(1000), 1), "/2"))
                        .isInstanceOf(ExhaustedException.class);
            } finally {
                go.countDown();
            }
            assertThat(first.get().resolve("f")).exists();
        }
    }

    @Test
    void copiesThatBuildsReadDoNotMakeRoom() throws Exception {
        limits = new ContextLimits(1000, 5000);
        start();
        try (SyncedContexts.Copy used = contexts.sync("/1", QUESTION, client.file("f", "y".repeat(1000), 1));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            FakeClient other = new FakeClient("mia").file("f", "z".repeat(1000), 1);
            var second = threads.submit(() -> sync(other, "/2"));

            assertThatThrownBy(second::get)
                    .hasCauseInstanceOf(ExhaustedException.class)
                    .hasMessageContaining("contexts-space");
            assertThat(used.root().resolve("f")).exists();
        }
        assertThat(sync(new FakeClient("mia").file("f", "z".repeat(1000), 1), "/2")
                        .resolve("f"))
                .exists();
    }

    @Test
    void buildsOfAnUnchangedDirectoryReadItSideBySide() throws Exception {
        sync(client.file("f", "1", 1), "/src");
        try (SyncedContexts.Copy used = contexts.sync("/src", QUESTION, client);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            FakeClient again = new FakeClient("mia").file("f", "1", 1);

            assertThat(threads.submit(() -> sync(again, "/src")).get()).isEqualTo(used.root());
        }
    }

    @Test
    void ignoredFilesAreNotAskedFor() throws Exception {
        client.file(".dockerignore", "*\n!seen\n!dir/seen\n", 1)
                .file("secret", "1", 1)
                .file("seen", "1", 1);
        client.directory("dir", 1).file("dir/seen", "1", 1).file("dir/secret", "1", 1);

        Path root = sync(client, "/src");

        assertThat(client.sent).containsExactlyInAnyOrder(".dockerignore", "seen", "dir/seen");
        assertThat(root.resolve("dir/secret")).doesNotExist();
    }

    @Test
    void whatSelectionsTakeIsCertainUntilTheCopyChanges() throws Exception {
        List<String> selector = List.of(".");
        Digest content = Digest.sha256("one");
        client.file("a", "one", 1);
        ContentDigests known;
        try (SyncedContexts.Copy copy = contexts.sync("/src", QUESTION, client)) {
            known = digests.of(copy.root());
            assertThat(known.settled(selector)).isEmpty();
            known.note(selector, content);
        }
        try (SyncedContexts.Copy _ = contexts.sync("/src", QUESTION, client)) {
            assertThat(known.settled(selector)).contains(content);
        }
        client.file("a", "two", 2);
        try (SyncedContexts.Copy _ = contexts.sync("/src", QUESTION, client)) {
            assertThat(known.settled(selector)).isEmpty();
            known.note(selector, content);
        }
        copies.remove(copies.list().getFirst().name());
        client.files.clear();
        try (SyncedContexts.Copy _ = contexts.sync("/src", QUESTION, client)) {
            assertThat(known.settled(selector)).isEmpty();
        }
    }

    @Test
    void directoryOfTheHostIsNeverCertain() {
        ContentDigests known = digests.of(folder);
        known.note(List.of("."), Digest.sha256("one"));

        assertThat(known.settled(List.of("."))).isEmpty();
    }

    @Test
    void aRemovedCopyIsSentAgain() throws Exception {
        Path root = sync(client.file("f", "1", 1), "/src");
        copies.remove(root.getParent().getFileName().toString());

        assertThat(sync(client, "/src").resolve("f")).hasContent("1");
    }
}

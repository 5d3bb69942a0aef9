package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.context.ContextIndex.Held;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings one copy of a client's directory from what it holds to what the client has. */
final class ContextUpdate {

    /** Less than this is sent sooner than a further question is answered. */
    private static final long WORTH_ASKING = 64 << 10;

    private final ContextIndex present;
    private final ContentDigests digests;
    private final Path root;
    private final Path staging;

    /** What the copy will hold. */
    private final Map<Path, Held> held = new HashMap<>();

    private final List<Path> removed = new ArrayList<>();
    private final List<SyncedFile> placed = new ArrayList<>();
    private final List<SyncedFile> wanted = new ArrayList<>();
    private final Map<Path, SyncedFile> finished = new HashMap<>();

    /** Contents that were known, under the names they have until their places are free. */
    private final Map<Path, Path> staged = new HashMap<>();

    private ContextUpdate(Path copy, ContextIndex present, ContentDigests digests) {
        this.present = present;
        this.digests = digests;
        this.root = SyncedContexts.files(copy);
        this.staging = copy.resolve("staging");
    }

    /**
     * Compares what a copy holds with what it is to hold.
     *
     * @param copy the folder of the copy
     * @param digests learn the digests of the files that arrive
     * @throws InvalidInputException when a file lies in something that is no directory
     */
    static ContextUpdate plan(Path copy, ContextIndex present, List<SyncedFile> files, ContentDigests digests) {
        ContextUpdate update = new ContextUpdate(copy, present, digests);
        update.compare(files);
        return update;
    }

    /** Whether it begins with this state of the copy. */
    boolean isFrom(ContextIndex index) {
        return present == index;
    }

    boolean isNeeded() {
        return !removed.isEmpty() || !placed.isEmpty() || !wanted.isEmpty() || !finished.isEmpty();
    }

    /** Bytes that the copy will have. */
    long bytes() {
        return new ContextIndex(present.owner(), held).bytes();
    }

    private void compare(List<SyncedFile> files) {
        int kept = 0;
        for (SyncedFile file : files) {
            Path parent = file.path().getParent();
            Held folder = parent == null ? null : held.get(parent);
            if (parent != null && (folder == null || !folder.file().isDirectory())) {
                throw new InvalidInputException(
                        "the client's build context lists " + file.path() + " outside a directory");
            }
            if (!file.isRegular() && !file.isDirectory() && !file.isSymlink()) {
                continue;
            }
            Held before = present.files().get(file.path());
            boolean same = before != null && before.file().hasContentOf(file);
            if (held.put(file.path(), same ? new Held(file, before.digest()) : Held.unread(file)) != null) {
                throw new InvalidInputException("the client's build context lists " + file.path() + " twice");
            }
            if (before != null && before.file().type() == file.type()) {
                kept++;
                compare(before.file(), file, same);
            } else {
                place(file);
            }
        }
        if (kept < present.files().size()) {
            present.files().forEach((path, before) -> {
                Held now = held.get(path);
                if (now == null || now.file().type() != before.file().type()) {
                    removed.add(path);
                    touch(path);
                }
            });
        }
    }

    private void compare(SyncedFile before, SyncedFile file, boolean same) {
        if (same && before.mode() == file.mode()) {
            return;
        }
        if (!same && !file.isDirectory()) {
            removed.add(file.path());
            place(file);
        }
        finished.put(file.path(), file);
    }

    private void place(SyncedFile file) {
        (file.isRegular() ? wanted : placed).add(file);
        finished.put(file.path(), file);
        touch(file.path());
    }

    /** What changes in a directory changes its time. */
    private void touch(Path path) {
        Path parent = path.getParent();
        if (parent != null && held.containsKey(parent)) {
            finished.put(parent, held.get(parent).file());
        }
    }

    /**
     * Takes what the owner sent before from its other contexts.
     *
     * @param copies folders of copies, of whichever owner
     */
    void reuse(List<Path> copies, SyncedContexts.Client client) throws IOException, InterruptedException {
        if (wanted.stream().mapToLong(SyncedFile::size).sum() < WORTH_ASKING) {
            return;
        }
        OwnedContents contents = OwnedContents.of(present.owner(), copies, wanted);
        List<SyncedFile> candidates = wanted.stream()
                .filter(file -> file.size() > 0 && contents.mayHave(file))
                .toList();
        if (candidates.isEmpty()) {
            return;
        }
        List<byte[]> answers =
                client.digests(candidates.stream().map(SyncedFile::path).toList());
        FileTrees.remove(staging);
        Files.createDirectory(staging);
        Set<Path> found = new HashSet<>();
        for (int i = 0; i < candidates.size(); i++) {
            SyncedFile file = candidates.get(i);
            Path part = staging.resolve(Integer.toString(i));
            if (contents.copy(answers.get(i), part)) {
                if (Files.size(part) != file.size()) {
                    throw new InvalidInputException(file.path() + " changed while it was sent: build again");
                }
                staged.put(file.path(), part);
                held.put(file.path(), new Held(file, answers.get(i)));
                found.add(file.path());
            }
        }
        wanted.removeIf(file -> found.contains(file.path()));
    }

    /** Changes the copy. */
    ContextIndex apply(SyncedContexts.Client client) throws IOException, InterruptedException {
        for (Path path : removed) {
            FileTrees.remove(root.resolve(path));
        }
        for (SyncedFile file : placed) {
            if (file.isDirectory()) {
                Files.createDirectory(root.resolve(file.path()));
            } else {
                Inodes.symlink(file.linkTarget(), root.resolve(file.path()));
            }
        }
        for (Map.Entry<Path, Path> known : staged.entrySet()) {
            Files.move(known.getValue(), root.resolve(known.getKey()));
            Held file = held.get(known.getKey());
            finishFile(file.file(), file.digest());
        }
        FileTrees.remove(staging);
        fetch(client);
        for (SyncedFile file : finished.values()) {
            finish(file);
        }
        return new ContextIndex(present.owner(), held);
    }

    private void fetch(SyncedContexts.Client client) throws IOException, InterruptedException {
        if (wanted.isEmpty()) {
            return;
        }
        try (FileArrival arrival = new FileArrival(root, wanted, this::finishFile)) {
            client.read(wanted.stream().map(SyncedFile::path).toList(), arrival);
            arrival.checkComplete();
        }
    }

    private void finishFile(SyncedFile file, byte[] digest) throws IOException {
        held.put(file.path(), new Held(file, digest));
        finished.remove(file.path());
        finish(file);
        digests.learn(Inodes.status(root.resolve(file.path())), digest);
    }

    private void finish(SyncedFile file) throws IOException {
        Path path = root.resolve(file.path());
        if (!file.isSymlink()) {
            Inodes.chmod(path, file.permissions());
        }
        Inodes.utimensat(path, file.modifiedSeconds(), file.nanosOfSecond());
    }
}

package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.daemon.builder.context.SyncedFile;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.linux.PathBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A few files of a client's directory, in memory: those that a build reads before it knows what else it needs. */
record SmallFiles(Map<String, byte[]> contents) {

    /** Of those named, and of those that links lead to. */
    private static final int MOST_FILES = 50;

    private static final int MOST_LINKS = 10;

    /**
     * Reads the files of these names, where they are there.
     *
     * @throws InvalidInputException when one is larger than a Dockerfile may be
     */
    static SmallFiles read(ClientSession session, String directory, List<String> names) throws InterruptedException {
        Map<String, SyncedFile> listed = new HashMap<>();
        Map<String, byte[]> contents = new HashMap<>();
        try (FileWalk walk = FileWalk.follow(session, directory, names)) {
            walk.list(file -> {
                if (listed.size() >= MOST_FILES) {
                    throw new InvalidInputException("the client sent files that were not asked for");
                }
                listed.put(file.path().toString(), file);
            });
            for (String name : names) {
                Optional<String> there = resolve(name, listed).filter(path -> walk.has(Path.of(path)));
                if (there.isPresent()) {
                    contents.put(name, content(walk, there.get(), listed.get(there.get())));
                }
            }
            walk.finish();
        } catch (NotFoundException none) {
            // The client has no such directory.
            return new SmallFiles(Map.of());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new SmallFiles(contents);
    }

    private static byte[] content(FileWalk walk, String path, SyncedFile file)
            throws InterruptedException, IOException {
        if (file.size() > Dockerfile.MAX_BYTES) {
            throw new InvalidInputException(path + " is larger than " + Dockerfile.MAX_BYTES + " bytes");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        walk.read(List.of(Path.of(path)), (_, data, _) -> content.writeBytes(data));
        return content.toByteArray();
    }

    /** Where the links at a name lead to within the directory. */
    private static Optional<String> resolve(String name, Map<String, SyncedFile> listed) {
        Path path = Path.of(name).normalize();
        for (int links = 0; links < MOST_LINKS; links++) {
            SyncedFile file = listed.get(path.toString());
            if (file == null) {
                return Optional.empty();
            }
            if (file.linkTarget().length == 0) {
                return Optional.of(path.toString());
            }
            Path target = PathBytes.path(file.linkTarget());
            path = target.isAbsolute()
                    ? Path.of("/").relativize(target.normalize())
                    : path.resolveSibling(target).normalize();
        }
        return Optional.empty();
    }

    Optional<byte[]> content(String name) {
        return Optional.ofNullable(contents.get(name));
    }
}

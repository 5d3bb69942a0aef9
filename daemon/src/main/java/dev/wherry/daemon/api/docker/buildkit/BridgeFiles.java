package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.buildkit.fsutil.Stat;
import dev.wherry.buildkit.gateway.FileRange;
import dev.wherry.daemon.api.docker.buildkit.session.ClientSessions;
import dev.wherry.daemon.api.docker.buildkit.session.SessionClient;
import dev.wherry.daemon.api.docker.http.GoFileMode;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.builder.run.ClientAgents;
import dev.wherry.daemon.builder.source.FetchedContexts;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.daemon.linux.RootedPath;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The files of what a client has fetched, which bake reads before it builds: they are there as long as the solve is open. */
@Singleton
final class BridgeFiles {

    private static final int LARGEST = 8 << 20;
    private static final int MOST_NAMES = 10_000;
    private static final long NANOS = 1_000_000_000L;

    /** Above the numbers of all other steps. */
    private static final int FIRST_STEP = 2_000_000;

    private final FetchedContexts contexts;
    private final ClientAgents agents;
    private final ClientSessions sessions;

    BridgeFiles(FetchedContexts contexts, ClientAgents agents, ClientSessions sessions) {
        this.contexts = contexts;
        this.agents = agents;
        this.sessions = sessions;
    }

    /** What was fetched, by the number that the client knows it by. */
    record Fetched(FetchedContexts.Fetched content, Optional<String> file) {}

    /** Fetches; the answer is the number of the result. */
    String fetch(Solve solve, GraphSource source) throws InterruptedException {
        String session = solve.request().getSession();
        BuildClient client = session.isEmpty() ? BuildClient.NONE : new SessionClient(sessions.await(session));
        int step = FIRST_STEP + solve.fetched();
        long start = System.nanoTime();
        solve.progress().started(step, "load " + source.address(), false);
        try {
            FetchedContexts.Fetched content = contexts.with(agents.of(client))
                    .fetch(
                            source.address(),
                            (item, current, total) -> solve.progress().transferred(step, item, current, total));
            solve.onEnd(content::close);
            if (source.file().isPresent() && content.dockerfile().isEmpty() && !source.unpacked()) {
                throw new UnsupportedException(
                        source.address() + " is an archive: bake reads files of a git repository, or one file");
            }
            solve.progress().ended(step, Duration.ofNanos(System.nanoTime() - start), Optional.empty());
            return solve.add(new Fetched(content, source.file()));
        } catch (WherryException failure) {
            solve.progress()
                    .ended(step, Duration.ofNanos(System.nanoTime() - start), Optional.of(failure.getMessage()));
            throw failure;
        }
    }

    private static Fetched find(Solve solve, String ref) {
        return solve.fetched(ref)
                .orElseThrow(() -> new UnsupportedException(
                        "the files of a build's result cannot be read over BuildKit's protocol: use an output, such as"
                                + " type=local"));
    }

    /** The content of a single file that was fetched, under its name. */
    private static Optional<byte[]> single(Fetched fetched, String path) {
        return fetched.file()
                .filter(name -> path.replaceFirst("^[./]+", "").equals(name))
                .flatMap(_ -> fetched.content().dockerfile());
    }

    byte[] read(Solve solve, String ref, String path, FileRange range) {
        Fetched fetched = find(solve, ref);
        long offset = Math.max(0, range.getOffset());
        Optional<byte[]> single = single(fetched, path);
        if (single.isPresent()) {
            byte[] all = single.get();
            int from = (int) Math.min(offset, all.length);
            return Arrays.copyOfRange(all, from, from + length(range, all.length - from, path));
        }
        return inside(fetched, path, true, (file, status) -> {
            if (!status.isRegular()) {
                throw missing(path);
            }
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                long from = Math.min(offset, status.size());
                byte[] bytes = new byte[length(range, status.size() - from, path)];
                in.seek(from);
                in.readFully(bytes);
                return bytes;
            }
        });
    }

    private static int length(FileRange range, long rest, String path) {
        long wanted = range.getLength() > 0 ? Math.min(range.getLength(), rest) : rest;
        if (wanted > LARGEST) {
            throw new ExhaustedException(path + " is larger than " + LARGEST + " bytes");
        }
        return (int) wanted;
    }

    Stat stat(Solve solve, String ref, String path) {
        Fetched fetched = find(solve, ref);
        Optional<byte[]> single = single(fetched, path);
        return single.isPresent()
                ? Stat.newBuilder()
                        .setPath(fetched.file().get())
                        .setMode((int) GoFileMode.of(FileStatus.REGULAR | 0644))
                        .setSize(single.get().length)
                        .build()
                : inside(fetched, path, false, BridgeFiles::stat);
    }

    List<Stat> list(Solve solve, String ref, String path) {
        return inside(find(solve, ref), path, true, (directory, status) -> {
            if (!status.isDirectory()) {
                throw missing(path);
            }
            List<Stat> entries = new ArrayList<>();
            for (Path child : FileTrees.list(directory)) {
                if (entries.size() == MOST_NAMES) {
                    throw new ExhaustedException(path + " has more than " + MOST_NAMES + " files");
                }
                entries.add(stat(child, Inodes.status(child)));
            }
            return entries;
        });
    }

    private static Stat stat(Path file, FileStatus status) throws IOException {
        Stat.Builder stat = Stat.newBuilder()
                .setPathBytes(UnsafeByteOperations.unsafeWrap(PathBytes.of(file.getFileName())))
                .setMode((int) GoFileMode.of(status.mode()))
                .setUid(status.uid())
                .setGid(status.gid())
                .setSize(status.size())
                .setModTime(status.modified() * NANOS + status.modifiedNanos());
        if (status.isSymlink()) {
            stat.setLinknameBytes(UnsafeByteOperations.unsafeWrap(Inodes.readlink(file)));
        }
        return stat.build();
    }

    private interface Look<T> {
        T at(Path file, FileStatus status) throws IOException;
    }

    /** Links lead to places within what was fetched alone. */
    private static <T> T inside(Fetched fetched, String path, boolean follow, Look<T> look) {
        try {
            RootedPath root = new RootedPath(fetched.content().context().root());
            Path file = follow ? root.resolve(Path.of(path)) : root.resolveParent(Path.of(path));
            return look.at(file, Inodes.find(file).orElseThrow(() -> missing(path)));
        } catch (InvalidPathException malformed) {
            throw missing(path);
        } catch (IOException failure) {
            throw new HostException("cannot read " + path + ": " + failure.getMessage(), failure);
        }
    }

    private static NotFoundException missing(String path) {
        return new NotFoundException("file", path, "open " + path + ": no such file or directory");
    }
}

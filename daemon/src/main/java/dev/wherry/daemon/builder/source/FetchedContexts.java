package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Build contexts that are no directory of the client's: each is a folder of its own until it is closed. */
@Singleton
public final class FetchedContexts {

    private final Downloads downloads;
    private final GitRepositories repositories;
    private final StagingFolders staging;
    private final Leases leases;
    private final FetchLimits limits;

    public FetchedContexts(
            Downloads downloads,
            GitRepositories repositories,
            StagingFolders staging,
            Leases leases,
            FetchLimits limits) {
        this.downloads = downloads;
        this.repositories = repositories;
        this.staging = staging;
        this.leases = leases;
        this.limits = limits;
    }

    /** The same for a client that lets git use its SSH agent. */
    public FetchedContexts with(SshAgents agents) {
        return new FetchedContexts(downloads, repositories.with(agents), staging, leases, limits);
    }

    /**
     * Such a context.
     *
     * @param dockerfile when what was fetched is no archive but a Dockerfile; the context is empty then
     */
    public record Fetched(BuildContext context, Optional<byte[]> dockerfile, StagingFolders.Folder folder)
            implements AutoCloseable {

        @Override
        public void close() {
            folder.close();
        }
    }

    /** Fetches what is at the address of a git repository, an archive or a Dockerfile. */
    public Fetched fetch(String address, TransferListener arrival) {
        return GitUrl.isOne(address) ? repository(GitUrl.parse(address), address, arrival) : download(address, arrival);
    }

    private Fetched repository(GitUrl url, String address, TransferListener arrival) {
        GitRepositories.Commit commit = repositories.resolve(url);
        return in(
                folder -> {
                    Path root = repositories.checkout(
                            commit, folder, url.keepGitDir().orElse(false), arrival);
                    return new Content(root, Optional.empty(), Optional.of(repositories.committed(commit, arrival)));
                },
                "the git repository " + address);
    }

    private Fetched download(String address, TransferListener arrival) {
        try (Lease lease = leases.open()) {
            Downloads.Download download =
                    downloads.bring(downloads.find(address, Optional.empty(), lease, arrival), lease, arrival);
            return in(folder -> content(download, folder), address);
        }
    }

    private Content content(Downloads.Download download, Path folder) throws IOException {
        boolean archive;
        try (InputStream content = downloads.open(download)) {
            archive = ContextArchives.isOne(content);
        }
        try (InputStream content = downloads.open(download)) {
            if (!archive) {
                // One byte more than is allowed, so that the reader notices.
                return new Content(
                        folder, Optional.of(content.readNBytes(Dockerfile.MAX_BYTES + 1)), modified(download));
            }
            ContextArchives.unpack(download.url(), content, folder, limits);
            Optional<Instant> date = modified(download);
            return new Content(folder, Optional.empty(), date.isPresent() ? date : newest(folder));
        }
    }

    /** Unpacks an archive that a client sends. */
    public Fetched unpack(InputStream archive) {
        return in(
                folder -> {
                    ContextArchives.unpack("the archive", archive, folder, limits);
                    drain(archive);
                    return new Content(folder, Optional.empty(), newest(folder));
                },
                "the archive");
    }

    /** What follows the end of an archive is padding, and is not left for whoever reads next. */
    private void drain(InputStream archive) throws IOException {
        byte[] buffer = new byte[1 << 15];
        long more = 0;
        for (int count; (count = archive.read(buffer)) >= 0; more += count) {
            if (more > limits.bytes()) {
                throw new ExhaustedException(limits.tooLarge("the archive"));
            }
        }
    }

    private static Optional<Instant> modified(Downloads.Download download) {
        return Optional.of(download.modified()).filter(time -> !time.equals(Instant.EPOCH));
    }

    /** When the newest file of an unpacked archive was written. */
    private static Optional<Instant> newest(Path folder) throws IOException {
        Instant newest = null;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Instant time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                            .toInstant();
                    newest = newest == null || time.isAfter(newest) ? time : newest;
                }
            }
        }
        return Optional.ofNullable(newest);
    }

    private record Content(Path root, Optional<byte[]> dockerfile, Optional<Instant> date) {}

    private interface Filling {
        Content fill(Path folder) throws IOException;
    }

    private Fetched in(Filling filling, String what) {
        StagingFolders.Folder folder = staging.open();
        try {
            Content content = filling.fill(folder.path());
            BuildContext context = new BuildContext(content.root(), what, BuildContext.Origin.FETCHED, content.date());
            return new Fetched(context, content.dockerfile(), folder);
        } catch (IOException failure) {
            folder.close();
            throw StorageFailure.of("cannot keep the build context", failure);
        } catch (Throwable failure) {
            folder.close();
            throw failure;
        }
    }
}

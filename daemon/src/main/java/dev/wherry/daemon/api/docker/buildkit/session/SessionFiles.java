package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.buildkit.upload.BytesMessage;
import dev.wherry.buildkit.upload.UploadGrpc;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.builder.ContextClient;
import dev.wherry.daemon.builder.context.IgnoreFile;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.context.SyncedFile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import io.grpc.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A build context whose files come over the session of a client: a directory, or an archive. The list of the files is what
 * the client has now, so that only those are asked for that have changed since the last build.
 */
public final class SessionFiles implements ContextClient, AutoCloseable {

    private static final String IGNORE_FILE = ".dockerignore";
    private static final int MOST_PATTERNS = 1_000;
    private static final int DIGEST_BYTES = 32;

    private final ClientSession session;
    private final String directory;
    private final Optional<SessionDockerfile> dockerfile;
    private final Optional<URI> archive;
    private final String owner = Caller.current().name();
    private final long mostBytes = Caller.current().quota().mostContexts();
    private FileWalk walk;

    private SessionFiles(
            ClientSession session, String directory, Optional<SessionDockerfile> dockerfile, Optional<URI> archive) {
        this.session = session;
        this.directory = directory;
        this.dockerfile = dockerfile;
        this.archive = archive;
    }

    /**
     * A directory.
     *
     * @param directory as the client calls it
     * @param dockerfile where the Dockerfile and its ignore file are; empty for a context that has none
     */
    public static SessionFiles directory(
            ClientSession session, String directory, Optional<SessionDockerfile> dockerfile) {
        return new SessionFiles(session, directory, dockerfile, Optional.empty());
    }

    /** An archive that the client offers under an address. */
    public static SessionFiles archive(ClientSession session, URI address) {
        return new SessionFiles(session, "", Optional.empty(), Optional.of(address));
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
    public SyncedContexts.Overview overview(SyncedContexts.Question question, Consumer<SyncedFile> files)
            throws InterruptedException {
        Optional<SessionDockerfile.Found> beside =
                dockerfile.isPresent() ? Optional.of(dockerfile.get().find()) : Optional.empty();
        Optional<IgnoreFile> own = beside.flatMap(SessionDockerfile.Found::ignoreFile);
        Optional<IgnoreFile> ignore = own.isPresent() ? own : ignoreFile();
        walk = FileWalk.begin(session, directory, excludes(ignore));
        List<SyncedFile> held = new ArrayList<>();
        walk.list(file -> {
            if (own.isPresent() && file.path().toString().equals(IGNORE_FILE)) {
                held.add(file);
            } else {
                files.accept(file);
            }
        });
        // Where the Dockerfile's own ignore file is elsewhere, nobody must take the other one for it.
        if (own.isPresent() && walk.has(Path.of(own.get().name()))) {
            held.forEach(files);
        }
        return new SyncedContexts.Overview(
                question.dockerfile().isPresent() ? beside.map(SessionDockerfile.Found::content) : Optional.empty(),
                ignore);
    }

    private Optional<IgnoreFile> ignoreFile() throws InterruptedException {
        SmallFiles found = SmallFiles.read(session, directory, List.of(IGNORE_FILE));
        return found.content(IGNORE_FILE).map(content -> new IgnoreFile(IGNORE_FILE, content));
    }

    /** The client need not look at what the build ignores; what it sends all the same is left out here. */
    private static List<String> excludes(Optional<IgnoreFile> ignore) {
        if (ignore.isEmpty()) {
            return List.of();
        }
        List<String> patterns = IgnorePatterns.parse(
                        ignore.get().name(), ignore.get().content())
                .texts();
        if (patterns.isEmpty() || patterns.size() > MOST_PATTERNS || patterns.contains(".")) {
            return List.of();
        }
        List<String> all = new ArrayList<>(patterns);
        all.add("!" + ignore.get().name());
        return all;
    }

    @Override
    public void read(List<Path> paths, SyncedContexts.Receiver receiver) throws InterruptedException, IOException {
        walk.read(paths, receiver);
    }

    /** A session does not tell digests; these are none that a file has, so that its content is asked for. */
    @Override
    public List<byte[]> digests(List<Path> paths) {
        return paths.stream().map(_ -> new byte[DIGEST_BYTES]).toList();
    }

    @Override
    public InputStream archive(TransferListener arrival) {
        URI address = archive.orElseThrow(() -> new IllegalStateException("the context is a directory"));
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("urlpath", Metadata.ASCII_STRING_MARSHALLER), address.getRawPath());
        headers.put(Metadata.Key.of("urlhost", Metadata.ASCII_STRING_MARSHALLER), address.getRawAuthority());
        SessionCall<BytesMessage, BytesMessage> call = session.open(UploadGrpc.getPullMethod(), headers);
        return new SessionStream(
                () -> call.next().map(message -> message.getData()), call, bytes -> arrival.moved("context", bytes, 0));
    }

    @Override
    public void close() {
        if (walk == null) {
            return;
        }
        try (FileWalk ending = walk) {
            ending.finish();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (CancelledException | InvalidInputException over) {
            // The build has ended by itself.
        }
    }
}

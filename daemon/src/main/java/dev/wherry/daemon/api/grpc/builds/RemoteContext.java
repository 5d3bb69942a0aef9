package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.builder.ContextClient;
import dev.wherry.daemon.builder.context.IgnoreFile;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.context.SyncedFile;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.PathBytes;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.ContextEntries;
import dev.wherry.v1.ContextEntry;
import dev.wherry.v1.ContextRequest;
import dev.wherry.v1.FileChunk;
import dev.wherry.v1.ListContext;
import dev.wherry.v1.ReadFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The build context of a client that the daemon cannot read itself: asked for by events, answered by requests. Several
 * questions are on their way at once, so that a distant client does not make each of them wait for the one before.
 */
final class RemoteContext implements ContextClient {

    /** Files of one question; their names fit in one message. */
    private static final int FILES_AT_ONCE = 50;

    /** Questions on their way; more would only fill the memory of the client. */
    private static final int QUESTIONS_AT_ONCE = 40;

    private final String owner;
    private final long mostBytes;
    private final String name;
    private final Requests in;
    private final EventSink out;
    private final Deque<FileChunk> chunks = new ArrayDeque<>();

    /** Where the client's answers come from. */
    @FunctionalInterface
    interface Requests {
        Optional<BuildRequest> next() throws InterruptedException;
    }

    /**
     * @param owner who the client is
     * @param mostBytes that the copies of its contexts may take
     * @param name which of the named contexts; empty for the main one
     */
    RemoteContext(String owner, long mostBytes, String name, Requests in, EventSink out) {
        this.mostBytes = mostBytes;
        this.owner = owner;
        this.name = name;
        this.in = in;
        this.out = out;
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
        if (question.dockerfile().isPresent()) {
            ask(ContextRequest.newBuilder().setDockerfile(question.dockerfile().get()));
        }
        List<Path> ignoreFiles = question.ignoreFiles().stream()
                .map(name -> path(ByteString.copyFromUtf8(name)))
                .distinct()
                .toList();
        ask(ContextRequest.newBuilder().setRead(paths(ignoreFiles)));
        ask(ContextRequest.newBuilder().setList(ListContext.getDefaultInstance()));
        Optional<byte[]> dockerfile = question.dockerfile().isPresent() ? Optional.of(dockerfile()) : Optional.empty();
        Optional<IgnoreFile> ignoreFile = Optional.empty();
        for (Path path : ignoreFiles) {
            Optional<IgnoreFile> found = ignoreFile(path);
            ignoreFile = ignoreFile.isPresent() ? ignoreFile : found;
        }
        list(files);
        return new SyncedContexts.Overview(dockerfile, ignoreFile);
    }

    private byte[] dockerfile() throws InterruptedException {
        BuildRequest answer = answer();
        if (answer.hasChunk()) {
            throw new InvalidInputException(answer.getChunk().getError());
        }
        return answer.getDockerfile().toByteArray();
    }

    private Optional<IgnoreFile> ignoreFile(Path path) throws InterruptedException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (FileChunk chunk = chunk(); ; chunk = chunk()) {
            if (chunk.getMissing()) {
                return Optional.empty();
            }
            check(chunk);
            if (content.size() + chunk.getData().size() > Dockerfile.MAX_BYTES) {
                throw new InvalidInputException(path + " is larger than " + Dockerfile.MAX_BYTES + " bytes");
            }
            content.writeBytes(chunk.getData().toByteArray());
            if (chunk.getLast()) {
                return Optional.of(new IgnoreFile(path.toString(), content.toByteArray()));
            }
        }
    }

    private void list(Consumer<SyncedFile> files) throws InterruptedException {
        while (true) {
            BuildRequest answer = answer();
            if (answer.hasChunk()) {
                throw new InvalidInputException(answer.getChunk().getError());
            }
            ContextEntries batch = answer.getEntries();
            batch.getEntriesList().forEach(entry -> files.accept(file(entry)));
            if (batch.getDone()) {
                return;
            }
        }
    }

    private static SyncedFile file(ContextEntry entry) {
        return new SyncedFile(
                path(entry.getPath()),
                entry.getMode(),
                entry.getSize(),
                entry.getModifiedNanos(),
                entry.getLinkTarget().toByteArray());
    }

    private static Path path(ByteString bytes) {
        try {
            return PathBytes.path(bytes.toByteArray());
        } catch (InvalidPathException failure) {
            throw new InvalidInputException("the client's build context has a name with a NUL in it");
        }
    }

    private static ReadFiles.Builder paths(List<Path> paths) {
        ReadFiles.Builder request = ReadFiles.newBuilder();
        paths.forEach(path -> request.addPaths(ByteString.copyFrom(PathBytes.of(path))));
        return request;
    }

    private interface Answering {
        /** Takes the answer to one question. */
        void answered(List<Path> paths) throws InterruptedException, IOException;
    }

    /** Asks about many files, a part of them in each question. */
    private void askAll(List<Path> paths, boolean digests, Answering answering)
            throws InterruptedException, IOException {
        Deque<List<Path>> asked = new ArrayDeque<>();
        for (int from = 0; from < paths.size() || !asked.isEmpty(); ) {
            if (from < paths.size() && asked.size() < QUESTIONS_AT_ONCE) {
                List<Path> some = paths.subList(from, Math.min(paths.size(), from + FILES_AT_ONCE));
                from += some.size();
                ask(
                        digests
                                ? ContextRequest.newBuilder().setDigest(paths(some))
                                : ContextRequest.newBuilder().setRead(paths(some)));
                asked.add(some);
            } else {
                answering.answered(asked.remove());
            }
        }
    }

    @Override
    public void read(List<Path> paths, SyncedContexts.Receiver receiver) throws InterruptedException, IOException {
        askAll(paths, false, asked -> {
            for (int ended = 0; ended < asked.size(); ) {
                FileChunk chunk = chunk();
                check(chunk);
                receiver.chunk(path(chunk.getPath()), chunk.getData().toByteArray(), chunk.getLast());
                ended += chunk.getLast() ? 1 : 0;
            }
        });
    }

    private FileChunk chunk() throws InterruptedException {
        while (chunks.isEmpty()) {
            BuildRequest answer = answer();
            if (answer.hasChunks()) {
                chunks.addAll(answer.getChunks().getChunksList());
            } else {
                chunks.add(answer.getChunk());
            }
        }
        return chunks.remove();
    }

    private static void check(FileChunk chunk) {
        if (!chunk.getError().isEmpty()) {
            throw new InvalidInputException(chunk.getError());
        }
    }

    @Override
    public List<byte[]> digests(List<Path> paths) throws InterruptedException {
        List<byte[]> digests = new ArrayList<>();
        try {
            askAll(paths, true, asked -> {
                List<ByteString> answer = answer().getDigests().getDigestsList();
                if (answer.size() != asked.size()) {
                    throw new InvalidInputException("the client did not send the digests that it was asked for");
                }
                answer.forEach(digest -> digests.add(digest.toByteArray()));
            });
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return digests;
    }

    @Override
    public InputStream archive(TransferListener arrival) {
        return new SentArchive(() -> ask(ContextRequest.newBuilder().setArchive(true)), this::chunk, arrival);
    }

    private void ask(ContextRequest.Builder request) throws InterruptedException {
        out.send(BuildEvent.newBuilder().setContext(request.setContext(name)).build());
    }

    private BuildRequest answer() throws InterruptedException {
        return CompressedRequests.plain(
                in.next().orElseThrow(() -> new InvalidInputException("the client ended without sending its files")));
    }
}

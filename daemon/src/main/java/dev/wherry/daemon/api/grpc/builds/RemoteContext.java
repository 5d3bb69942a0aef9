package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.builder.ContextClient;
import dev.wherry.daemon.builder.context.SyncedContexts;
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
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The build context of a client that the daemon cannot read itself: asked for by events, answered by requests. */
final class RemoteContext implements ContextClient {

    /** Files asked for at once; their names fit in one message. */
    private static final int FILES_AT_ONCE = 50;

    private final String name;
    private final Requests in;
    private final ResponseSender<BuildEvent> out;

    /** Where the client's answers come from. */
    @FunctionalInterface
    interface Requests {
        Optional<BuildRequest> next() throws InterruptedException;
    }

    /** @param name which of the named contexts; empty for the main one */
    RemoteContext(String name, Requests in, ResponseSender<BuildEvent> out) {
        this.name = name;
        this.in = in;
        this.out = out;
    }

    @Override
    public byte[] dockerfile(String path) throws InterruptedException {
        ask(ContextRequest.newBuilder().setDockerfile(path));
        BuildRequest answer = answer();
        if (answer.hasChunk()) {
            throw new InvalidInputException(answer.getChunk().getError());
        }
        return answer.getDockerfile().toByteArray();
    }

    @Override
    public List<SyncedContexts.Entry> list() throws InterruptedException {
        ask(ContextRequest.newBuilder().setList(ListContext.getDefaultInstance()));
        List<SyncedContexts.Entry> entries = new ArrayList<>();
        while (true) {
            BuildRequest answer = answer();
            if (answer.hasChunk()) {
                throw new InvalidInputException(answer.getChunk().getError());
            }
            ContextEntries batch = answer.getEntries();
            batch.getEntriesList().forEach(entry -> entries.add(entry(entry)));
            if (batch.getDone()) {
                return entries;
            }
        }
    }

    private static SyncedContexts.Entry entry(ContextEntry entry) {
        return new SyncedContexts.Entry(
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

    @Override
    public void read(List<Path> paths, SyncedContexts.Receiver receiver) throws InterruptedException, IOException {
        for (int from = 0; from < paths.size(); from += FILES_AT_ONCE) {
            List<Path> some = paths.subList(from, Math.min(paths.size(), from + FILES_AT_ONCE));
            ReadFiles.Builder request = ReadFiles.newBuilder();
            some.forEach(path -> request.addPaths(ByteString.copyFrom(PathBytes.of(path))));
            ask(ContextRequest.newBuilder().setRead(request));
            for (int ended = 0; ended < some.size(); ) {
                FileChunk chunk = answer().getChunk();
                if (!chunk.getError().isEmpty()) {
                    throw new InvalidInputException(chunk.getError());
                }
                receiver.chunk(path(chunk.getPath()), chunk.getData().toByteArray(), chunk.getLast());
                ended += chunk.getLast() ? 1 : 0;
            }
        }
    }

    @Override
    public InputStream archive(TransferListener arrival) {
        return new SentArchive(
                () -> ask(ContextRequest.newBuilder().setArchive(true)), () -> answer().getChunk(), arrival);
    }

    private void ask(ContextRequest.Builder request) throws InterruptedException {
        out.send(BuildEvent.newBuilder().setContext(request.setContext(name)).build());
    }

    private BuildRequest answer() throws InterruptedException {
        return in.next().orElseThrow(() -> new InvalidInputException("the client ended without sending its files"));
    }
}

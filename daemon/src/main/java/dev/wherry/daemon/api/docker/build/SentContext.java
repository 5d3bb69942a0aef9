package dev.wherry.daemon.api.docker.build;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.builder.ContextClient;
import dev.wherry.daemon.builder.context.SyncedContexts;
import dev.wherry.daemon.builder.context.SyncedFile;
import dev.wherry.daemon.builder.source.TransferListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The context of a build that came with the request: an archive and nothing else. */
record SentContext(Caller caller, InputStream body) implements ContextClient {

    private static final String ITEM = "context";

    @Override
    public InputStream archive(TransferListener arrival) {
        return new CountedInput(body, bytes -> arrival.moved(ITEM, bytes, 0));
    }

    @Override
    public String owner() {
        return caller.name();
    }

    @Override
    public SyncedContexts.Overview overview(SyncedContexts.Question question, Consumer<SyncedFile> files) {
        throw noFolder();
    }

    @Override
    public void read(List<Path> paths, SyncedContexts.Receiver receiver) {
        throw noFolder();
    }

    @Override
    public List<byte[]> digests(List<Path> paths) {
        throw noFolder();
    }

    private static IllegalStateException noFolder() {
        return new IllegalStateException("the context of this build is an archive");
    }
}

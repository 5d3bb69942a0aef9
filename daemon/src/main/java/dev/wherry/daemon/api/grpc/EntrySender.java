package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.SaveImagesResponse;

/** Sends the files of a layout one by one. */
final class EntrySender implements EntrySink {

    private final ResponseSender<SaveImagesResponse> out;
    private ChunkOutput<SaveImagesResponse> content;

    EntrySender(ResponseSender<SaveImagesResponse> out) {
        this.out = out;
    }

    @Override
    public void begin(TarEntry entry) {
        boolean isFolder = entry.type() == TarEntry.Type.DIRECTORY;
        OutputEntry described = OutputEntry.newBuilder()
                .setPath(ByteString.copyFrom(entry.name()))
                .setType(isFolder ? OutputEntry.Type.TYPE_DIRECTORY : OutputEntry.Type.TYPE_FILE)
                .setMode(entry.permissions())
                .setSize(entry.size())
                .setModified(entry.modified())
                .build();
        try {
            out.send(SaveImagesResponse.newBuilder().setEntry(described).build());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the client went away");
        }
        content = ArchiveCalls.chunks(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        content.write(bytes, offset, length);
    }

    @Override
    public void end() {
        content.close();
    }

    @Override
    public void finish() {}
}

package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.v1.OutputEntry;
import dev.wherry.v1.OutputManifest;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.function.Consumer;

/** Describes the files of an output to the client, which answers with those that it wants. */
final class OutputManifests implements EntrySink {

    private static final int MESSAGE = 32 << 10;
    /** What an entry takes besides its names, at most. */
    private static final int OVERHEAD = 96;

    private final int output;
    private final Question question;
    private final Consumer<BitSet> answered;
    private final MessageDigest digest = Digest.newBulkSha256();
    private OutputManifest.Builder message;
    private OutputEntry.Builder entry;
    private int size;

    /** Tells the client what an output has, and asks what it wants of that. */
    interface Question {

        /** Sends a part of the manifest. */
        void tell(OutputManifest part) throws InterruptedException;

        /** Waits for the answer, which follows the last part. */
        BitSet wanted() throws InterruptedException;
    }

    OutputManifests(int output, Question question, Consumer<BitSet> answered) {
        this.output = output;
        this.question = question;
        this.answered = answered;
        this.message = OutputManifest.newBuilder().setOutput(output);
    }

    static OutputEntry.Builder described(TarEntry entry) {
        return OutputEntry.newBuilder()
                .setPath(ByteString.copyFrom(entry.name()))
                .setType(
                        switch (entry.type()) {
                            case FILE -> OutputEntry.Type.TYPE_FILE;
                            case DIRECTORY -> OutputEntry.Type.TYPE_DIRECTORY;
                            case SYMLINK -> OutputEntry.Type.TYPE_SYMLINK;
                            case HARD_LINK -> OutputEntry.Type.TYPE_HARD_LINK;
                            case CHARACTER, BLOCK, FIFO -> OutputEntry.Type.TYPE_SPECIAL;
                        })
                .setMode(entry.permissions())
                .setSize(entry.size())
                .setModified(entry.modified())
                .setLink(ByteString.copyFrom(entry.linkName()));
    }

    @Override
    public void begin(TarEntry next) {
        entry = described(next);
        size += next.name().length + next.linkName().length + OVERHEAD;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    @Override
    public void end() {
        byte[] content = digest.digest();
        if (entry.getType() == OutputEntry.Type.TYPE_FILE) {
            entry.setDigest(ByteString.copyFrom(content));
        }
        message.addEntries(entry);
        if (size >= MESSAGE) {
            uninterrupted(() -> question.tell(message.build()));
            message = OutputManifest.newBuilder().setOutput(output);
            size = 0;
        }
    }

    @Override
    public void finish() {
        uninterrupted(() -> {
            question.tell(message.setLast(true).build());
            answered.accept(question.wanted());
        });
    }

    private interface Talk {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Talk talk) {
        try {
            talk.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }
}

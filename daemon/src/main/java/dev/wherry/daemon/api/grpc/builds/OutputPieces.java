package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.wherry.daemon.builder.export.OutputReceiver;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.snapshot.tar.EntrySink;
import dev.wherry.daemon.snapshot.tar.TarEntry;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.OutputPiece;
import dev.wherry.v1.OutputPieces.Builder;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Sends the outputs of a build to its client, in messages of about 32 KiB that hold many small pieces or one large. */
final class OutputPieces implements OutputReceiver {

    private static final int CHUNK = 32 << 10;
    /** What an entry takes besides its names and content, at most. */
    private static final int OVERHEAD = 96;

    private final BuildOptions options;
    private final EventSink out;
    private final OutputManifests.Question question;

    /** Which entries the client wants of an output, once it has its manifest. */
    private final Map<Integer, BitSet> wanted = new HashMap<>();

    /** @param question asks the client what it wants */
    OutputPieces(BuildOptions options, EventSink out, OutputManifests.Question question) {
        this.options = options;
        this.out = out;
        this.question = question;
    }

    @Override
    public Optional<EntrySink> manifest(int output) {
        if (!options.getOutputs(output).getCompare()) {
            return Optional.empty();
        }
        return Optional.of(new OutputManifests(output, question, entries -> wanted.put(output, entries)));
    }

    @Override
    public OutputStream stream(int output) {
        return new Stream(output);
    }

    @Override
    public EntrySink files(int output) {
        return new Files(output, Optional.ofNullable(wanted.remove(output)));
    }

    /** Collects pieces until a message is full. */
    private final class Message {

        private final int output;
        private Builder pieces = dev.wherry.v1.OutputPieces.newBuilder();
        private int size;

        Message(int output) {
            this.output = output;
        }

        void add(OutputPiece.Builder piece, int bytes) {
            pieces.addPieces(piece.setOutput(output));
            size += bytes + OVERHEAD;
            if (size >= CHUNK) {
                send();
            }
        }

        void data(byte[] bytes, int offset, int length) {
            int at = offset;
            while (at < offset + length) {
                int part = Math.min(CHUNK, offset + length - at);
                // A copy: the array is used again by whoever gave it.
                ByteString data = UnsafeByteOperations.unsafeWrap(Arrays.copyOfRange(bytes, at, at + part));
                add(OutputPiece.newBuilder().setData(data), part);
                at += part;
            }
        }

        void last() {
            add(OutputPiece.newBuilder().setLast(true), 0);
            send();
        }

        private void send() {
            if (pieces.getPiecesCount() == 0) {
                return;
            }
            BuildEvent event = BuildEvent.newBuilder().setOutputs(pieces).build();
            pieces = dev.wherry.v1.OutputPieces.newBuilder();
            size = 0;
            try {
                out.send(event);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException("the build was cancelled");
            }
        }
    }

    private final class Stream extends OutputStream {

        private final Message message;
        private final byte[] buffer = new byte[CHUNK];
        private int filled;
        private boolean closed;

        Stream(int output) {
            this.message = new Message(output);
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            int at = offset;
            while (at < offset + length) {
                int part = Math.min(buffer.length - filled, offset + length - at);
                System.arraycopy(bytes, at, buffer, filled, part);
                filled += part;
                at += part;
                if (filled == buffer.length) {
                    message.data(buffer, 0, filled);
                    filled = 0;
                }
            }
        }

        /** Not complete when what is written failed: the call then ends with an error all the same. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                message.data(buffer, 0, filled);
                message.last();
            }
        }
    }

    private final class Files implements EntrySink {

        private final Message message;
        private final Optional<BitSet> wanted;
        private int entries;
        private boolean sending;

        /** @param wanted the entries that are sent; empty for all */
        Files(int output, Optional<BitSet> wanted) {
            this.message = new Message(output);
            this.wanted = wanted;
        }

        @Override
        public void begin(TarEntry entry) {
            int place = entries++;
            sending = wanted.map(some -> some.get(place)).orElse(true);
            if (sending) {
                message.add(
                        OutputPiece.newBuilder().setEntry(OutputManifests.described(entry)),
                        entry.name().length + entry.linkName().length);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (sending) {
                message.data(bytes, offset, length);
            }
        }

        @Override
        public void end() {}

        @Override
        public void finish() {
            message.last();
        }
    }
}

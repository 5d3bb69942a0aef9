package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.stream.PieceStream;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.FileChunk;
import java.util.Optional;

/** An archive that a client sends in pieces. */
final class SentArchive extends PieceStream {

    private final Asking asking;
    private final Answering answering;
    private final TransferListener arrival;
    private long taken;
    private boolean asked;
    private boolean last;

    /** Asks the client to begin. */
    interface Asking {
        void ask() throws InterruptedException;
    }

    /** Waits for the next piece. */
    interface Answering {
        FileChunk next() throws InterruptedException;
    }

    SentArchive(Asking asking, Answering answering, TransferListener arrival) {
        super("the build was cancelled");
        this.asking = asking;
        this.answering = answering;
        this.arrival = arrival;
    }

    @Override
    protected Optional<ByteString> next() throws InterruptedException {
        if (last) {
            return Optional.empty();
        }
        if (!asked) {
            asking.ask();
            asked = true;
        }
        FileChunk chunk = answering.next();
        if (!chunk.getError().isEmpty()) {
            throw new InvalidInputException(chunk.getError());
        }
        last = chunk.getLast();
        int size = chunk.getData().size();
        taken += size;
        if (last || taken >> 20 != taken - size >> 20) {
            arrival.moved("archive", taken, 0);
        }
        return Optional.of(chunk.getData());
    }
}

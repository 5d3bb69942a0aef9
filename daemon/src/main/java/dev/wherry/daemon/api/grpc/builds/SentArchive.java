package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.builder.source.TransferListener;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.FileChunk;
import java.io.InputStream;

/** An archive that a client sends in pieces: the next is taken when the one before has been read. */
final class SentArchive extends InputStream {

    private final Asking asking;
    private final Answering answering;
    private final TransferListener arrival;
    private ByteString piece = ByteString.EMPTY;
    private int at;
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
        this.asking = asking;
        this.answering = answering;
        this.arrival = arrival;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        while (at == piece.size()) {
            if (last) {
                return -1;
            }
            fill();
        }
        int count = Math.min(length, piece.size() - at);
        piece.copyTo(buffer, at, from, count);
        at += count;
        return count;
    }

    private void fill() {
        try {
            if (!asked) {
                asking.ask();
                asked = true;
            }
            FileChunk chunk = answering.next();
            if (!chunk.getError().isEmpty()) {
                throw new InvalidInputException(chunk.getError());
            }
            piece = chunk.getData();
            at = 0;
            last = chunk.getLast();
            taken += piece.size();
            if (last || taken >> 20 != taken - piece.size() >> 20) {
                arrival.moved("archive", taken, 0);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }
}

package dev.wherry.daemon.api.docker.build;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells how much has been read. */
final class CountedInput extends FilterInputStream {

    private final LongConsumer listener;
    private long bytes;

    CountedInput(InputStream in, LongConsumer listener) {
        super(in);
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            bytes += count;
            listener.accept(bytes);
        }
        return count;
    }
}

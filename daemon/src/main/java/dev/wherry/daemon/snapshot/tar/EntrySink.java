package dev.wherry.daemon.snapshot.tar;

import java.io.IOException;

/** Where the entries of an archive go, one after the other: into a tar stream, or to someone who makes files of them. */
public interface EntrySink {

    /** Begins an entry; for a regular file, exactly {@code size} bytes of content are to be written next. */
    void begin(TarEntry entry) throws IOException;

    /** Takes content of the present entry; the array may be used again afterwards. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Ends the present entry. */
    void end() throws IOException;

    /** No entry follows. */
    void finish() throws IOException;
}

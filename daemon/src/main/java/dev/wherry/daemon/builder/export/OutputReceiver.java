package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.snapshot.tar.EntrySink;
import java.io.OutputStream;
import java.util.Optional;

/** The client, as far as it takes outputs: each by its place in the list that the client gave. */
public interface OutputReceiver {

    /** Takes an output that is one stream; closing it completes the output. May block while the client is slow. */
    OutputStream stream(int output);

    /** Takes an output that is files in a folder; it is complete when no entry follows. May block likewise. */
    EntrySink files(int output);

    /**
     * Takes all of an output that is files before {@link #files} takes it again: the client then chooses what it lacks. Empty
     * where the client lacks everything.
     */
    Optional<EntrySink> manifest(int output);
}

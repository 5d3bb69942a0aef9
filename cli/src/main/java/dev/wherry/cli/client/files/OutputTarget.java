package dev.wherry.cli.client.files;

import com.google.protobuf.ByteString;
import dev.wherry.v1.OutputEntry;
import java.io.IOException;

/** Where one output of a build goes on this side. */
public sealed interface OutputTarget permits FolderTarget, StreamTarget {

    /** Begins a file; only where the output is files. */
    void begin(OutputEntry entry) throws IOException;

    /** Takes content of the file begun last, or of the stream. */
    void write(ByteString data) throws IOException;

    /** All is here: makes it final. */
    void finish() throws IOException;

    /** The build failed: leaves nothing half written where that can be told apart. */
    void abandon();
}

package dev.wherry.daemon.container.attach;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The size of a client's window, in characters. */
public record Window(int columns, int rows) {

    private static final int LARGEST = 1000;

    public Window {
        columns = Math.clamp(columns, 1, LARGEST);
        rows = Math.clamp(rows, 1, LARGEST);
    }

    /** Gives the terminal of a container this size, by the pipe on which conmon listens. */
    public void tell(Path control) {
        // Opened for both, a named pipe does not wait for its reader.
        try (FileChannel pipe = FileChannel.open(control, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            pipe.write(ByteBuffer.wrap(("1 " + rows + " " + columns + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException ended) {
            // A container that has just ended has no window.
        }
    }
}

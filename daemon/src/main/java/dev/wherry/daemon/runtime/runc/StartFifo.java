package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How runc keeps a created container waiting: its first process opens a fifo in the state folder for writing, which the
 * kernel lets it do when somebody opens it for reading, writes a byte and goes on. That is all of {@code runc start}, so
 * that it is done here without starting a program. Other runtimes keep other files, and are asked by their command.
 */
final class StartFifo {

    private static final int MILLIS_TO_ANSWER = 5000;

    private StartFifo() {}

    /**
     * Lets the container of a state folder go on.
     *
     * @return false when that could not be done like this
     */
    static boolean release(Path state) {
        Path fifo = state.resolve("exec.fifo");
        if (!Files.exists(state.resolve(OciRuntime.STATE))) {
            return false;
        }
        try {
            boolean answered = Fifo.awaitByte(fifo, MILLIS_TO_ANSWER);
            if (answered) {
                // Its absence is what makes the container one that runs.
                Files.delete(fifo);
            }
            return answered;
        } catch (IOException notOurs) {
            return false;
        }
    }
}

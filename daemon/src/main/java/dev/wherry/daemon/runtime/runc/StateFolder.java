package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder in which a runtime keeps what it knows of a container, and how a created container waits in it. Starting a
 * container and forgetting one that has ended are a few system calls there, and are made here without starting a
 * program. Runtimes whose folders are not known are asked by their commands.
 */
sealed interface StateFolder {

    /** What a runtime other than runc and crun keeps. */
    record Unknown() implements StateFolder {}

    /**
     * Runc: the first process of a created container opens a fifo for writing, which the kernel lets it do when somebody
     * opens it for reading, writes a byte and goes on.
     */
    record Runc(Path folder) implements StateFolder {}

    /** Crun: the first process of a created container reads a byte from a fifo and goes on. */
    record Crun(Path folder) implements StateFolder {}

    int MILLIS_TO_ANSWER = 5000;

    /** Whose folder it is. */
    static StateFolder of(Path folder) {
        if (Files.exists(folder.resolve("state.json"))) {
            return new Runc(folder);
        }
        return Files.exists(folder.resolve("status")) ? new Crun(folder) : new Unknown();
    }

    /** Whether the folder is all that is left of a container whose processes and control groups are gone. */
    default boolean isAll() {
        return !(this instanceof Unknown);
    }

    /**
     * Lets the container go on.
     *
     * @return false when that could not be done like this
     */
    default boolean release() {
        try {
            return switch (this) {
                case Unknown _ -> false;
                case Runc(Path folder) -> {
                    Path fifo = fifo(folder);
                    boolean answered = Fifo.awaitByte(fifo, MILLIS_TO_ANSWER);
                    if (answered) {
                        // Its absence is what makes the container one that runs.
                        Files.delete(fifo);
                    }
                    yield answered;
                }
                case Crun(Path folder) -> {
                    Path fifo = fifo(folder);
                    Fifo.giveByte(fifo);
                    Files.delete(fifo);
                    yield true;
                }
            };
        } catch (IOException notThere) {
            return false;
        }
    }

    private static Path fifo(Path folder) {
        return folder.resolve("exec.fifo");
    }
}

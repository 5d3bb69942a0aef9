package dev.wherry.daemon.runtime;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.SystemCallException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The named pipe {@code exec.fifo} that a created container of runc or crun waits at until somebody reads from it. To
 * read is all that their start command does for a container without hooks, and saves the start of a process.
 */
final class StartGate {

    private static final int LOOK_AGAIN_MILLIS = 50;

    private final Path pipe;

    StartGate(Path pipe) {
        this.pipe = pipe;
    }

    boolean exists() {
        return Files.exists(pipe);
    }

    /**
     * Lets the container go.
     *
     * @param pid of the container's first process, which may be killed before it comes to the gate
     */
    void open(int pid) {
        FutureTask<Void> reading = new FutureTask<>(() -> {
            try (InputStream opened = Files.newInputStream(pipe)) {
                opened.readNBytes(1);
            }
            Files.deleteIfExists(pipe);
            return null;
        });
        // Not a virtual thread: to open a pipe blocks the carrier.
        Thread.ofPlatform().daemon().name("start-gate").start(reading);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    reading.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException notYet) {
                    if (!Processes.kill(pid, 0)) {
                        release();
                        throw new HostException("the container's first process was killed before it was started");
                    }
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException | SystemCallException failure) {
            throw new HostException("cannot start the container: " + failure.getMessage(), failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A reader that nobody will write for is let go by a writer that comes and leaves. */
    private void release() {
        try (FileChannel both = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            both.size();
        } catch (IOException gone) {
            // With the pipe gone the reader fails by itself.
        }
    }
}

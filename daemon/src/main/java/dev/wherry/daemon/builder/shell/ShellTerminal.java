package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.runtime.OutputSink;
import dev.wherry.daemon.runtime.StepTerminal;
import java.nio.file.Path;
import java.util.Optional;

/** The terminal of a client that opens a shell. What is typed before the shell runs waits for it. */
public final class ShellTerminal implements AutoCloseable {

    private final Attachment streams = new Attachment(true);
    private Window window;
    private Optional<Path> control = Optional.empty();

    /** A terminal of this size, in characters. */
    public ShellTerminal(int columns, int rows) {
        window = new Window(columns, rows);
    }

    /** Passes on what the shell shows until it has ended. */
    public void copyTo(OutputSink sink) throws InterruptedException {
        streams.copyTo(sink);
    }

    public void type(byte[] input) throws InterruptedException {
        streams.write(input);
    }

    public synchronized void resize(int columns, int rows) {
        window = new Window(columns, rows);
        control.ifPresent(window::tell);
    }

    synchronized void join(StepTerminal terminal) {
        control = Optional.of(terminal.control());
        window.tell(terminal.control());
        streams.connect(terminal.attachSocket());
    }

    /** Nothing is shown any more; without a shell, {@link #copyTo} ends too. */
    @Override
    public void close() {
        streams.close();
    }
}

package dev.wherry.daemon.container.exec;

import dev.wherry.daemon.container.attach.Window;
import java.nio.file.Path;
import java.util.Optional;

/** The size of an exec's terminal, which clients may ask for before there is a terminal. */
final class TerminalWindow {

    private Optional<Window> asked = Optional.empty();
    private Optional<Path> control = Optional.empty();

    synchronized void resize(Window window) {
        asked = Optional.of(window);
        control.ifPresent(window::tell);
    }

    /** Gives the terminal the size that was asked for last, and from now on each other size at once. */
    synchronized void open(Path takesSizes) {
        control = Optional.of(takesSizes);
        asked.ifPresent(window -> window.tell(takesSizes));
    }
}

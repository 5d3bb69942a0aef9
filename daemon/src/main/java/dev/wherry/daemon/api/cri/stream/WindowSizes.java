package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.container.attach.Window;
import java.util.function.Consumer;

/** The sizes of a client's window: the last one that came before anybody listens, and all that come later. */
final class WindowSizes {

    private Window last;
    private Consumer<Window> listener;

    synchronized void changed(Window size) {
        last = size;
        if (listener != null) {
            listener.accept(size);
        }
    }

    synchronized void listen(Consumer<Window> next) {
        listener = next;
        if (last != null) {
            next.accept(last);
        }
    }
}

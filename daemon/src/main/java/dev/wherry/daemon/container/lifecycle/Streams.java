package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerLayout;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.metadata.Layout;
import java.util.Optional;

/** Joins clients to the streams and the terminal of containers. */
public final class Streams {

    private final ContainerTable table;
    private final Lives lives;
    private final Layout layout;

    public Streams(ContainerTable table, Lives lives, Layout layout) {
        this.table = table;
        this.lives = lives;
        this.layout = layout;
    }

    /** As {@link Containers#attach}. */
    public Attachment attach(String container, boolean stdin) {
        String id = table.named(container).id();
        Live live = lives.of(id);
        live.lock.lock();
        try {
            Container found = table.get(id);
            Attachment attachment = new Attachment(stdin);
            if (found.state().isAlive()) {
                attachment.connect(ContainerLayout.of(layout, id).attachSocket());
            } else {
                live.waiting.add(attachment);
            }
            return attachment;
        } finally {
            live.lock.unlock();
        }
    }

    /** As {@link Containers#resize}. */
    public void resize(String container, int columns, int rows) {
        Container named = table.named(container);
        if (!named.settings().request().tty()) {
            return;
        }
        Live live = lives.of(named.id());
        live.lock.lock();
        try {
            live.window = Optional.of(new Window(columns, rows));
            if (table.get(named.id()).state().isAlive()) {
                live.window.get().tell(ContainerLayout.of(layout, named.id()).control());
            }
        } finally {
            live.lock.unlock();
        }
    }
}

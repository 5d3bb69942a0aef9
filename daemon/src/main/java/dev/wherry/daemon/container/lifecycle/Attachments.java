package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerAccess;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.metadata.Layout;
import java.util.Map;
import java.util.Optional;

/** Attaches clients to the streams and the terminal of containers. */
final class Attachments {

    private final ContainerTable table;
    private final LiveContainers lives;
    private final Layout layout;
    private final ContainerAccess access;
    private final ContainerActivity activity;

    Attachments(
            ContainerTable table,
            LiveContainers lives,
            Layout layout,
            ContainerAccess access,
            ContainerActivity activity) {
        this.activity = activity;
        this.access = access;
        this.table = table;
        this.lives = lives;
        this.layout = layout;
    }

    /** As {@link Lifecycle#attach}. */
    AttachedRun attach(String reference, boolean stdin) {
        String id = table.get(reference).id();
        LiveContainer live = lives.of(id);
        try (Hold _ = live.hold()) {
            Container found = table.existing(id);
            access.checkEntry(found);
            Attachment attachment = new Attachment(stdin);
            if (found.state().isAlive()) {
                attachment.connect(ContainerLayout.of(layout, id).attachSocket());
            } else {
                live.awaitStart(attachment);
            }
            activity.tell(found, "attach", Map.of());
            return new AttachedRun(attachment, live.nextExit());
        }
    }

    /** As {@link Lifecycle#resize}. */
    void resize(String reference, int columns, int rows) {
        Container named = table.get(reference);
        if (!named.settings().request().tty()) {
            return;
        }
        LiveContainer live = lives.of(named.id());
        try (Hold _ = live.hold()) {
            Window window = new Window(columns, rows);
            live.window = Optional.of(window);
            if (table.existing(named.id()).state().isAlive()) {
                activity.tell(
                        named, "resize", Map.of("height", Integer.toString(rows), "width", Integer.toString(columns)));
                window.tell(ContainerLayout.of(layout, named.id()).control());
            }
        }
    }
}

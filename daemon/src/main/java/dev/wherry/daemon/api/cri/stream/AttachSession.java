package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.container.lifecycle.AttachedRun;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.WherryException;

/** The first process of a container that runs. It goes on when its client leaves. */
final class AttachSession implements Session {

    private final Lifecycle lifecycle;
    private final String container;
    private final boolean stdin;
    private final boolean tty;

    AttachSession(Lifecycle lifecycle, String container, boolean stdin, boolean tty) {
        this.lifecycle = lifecycle;
        this.container = container;
        this.stdin = stdin;
        this.tty = tty;
    }

    @Override
    public int run(ProcessStreams client) throws InterruptedException {
        try (AttachedRun run = lifecycle.attach(container, stdin)) {
            if (tty) {
                client.sizes().listen(this::resize);
            }
            Thread input = Background.start("attach-input", () -> StreamCopy.input(client, run.streams()));
            try {
                run.streams().copyTo(StreamCopy.output(client));
                // How the container ended is a matter of its status.
                return 0;
            } finally {
                input.interrupt();
            }
        }
    }

    private void resize(Window size) {
        try {
            lifecycle.resize(container, size.columns(), size.rows());
        } catch (WherryException ended) {
            // A container that has just ended has no window.
        }
    }
}

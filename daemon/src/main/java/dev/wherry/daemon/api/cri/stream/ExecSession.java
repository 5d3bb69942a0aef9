package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.exec.Exec;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.error.StartException;

/** A prepared process in a container, which starts when its client comes. */
final class ExecSession implements Session {

    /** What a process gets when its terminal is gone. */
    private static final String HANGUP = "HUP";

    private final Execs execs;
    private final Exec prepared;

    ExecSession(Execs execs, Exec prepared) {
        this.execs = execs;
        this.prepared = prepared;
    }

    @Override
    public int run(ProcessStreams client) throws InterruptedException {
        Exec exec = execs.start(prepared, prepared.config());
        try (Attachment streams = exec.streams()) {
            client.sizes().listen(size -> exec.resize(size.columns(), size.rows()));
            Thread input = Background.start("exec-input", () -> StreamCopy.input(client, streams));
            try {
                streams.copyTo(StreamCopy.output(client));
                Exit exit = exec.await();
                if (!exit.error().isEmpty()) {
                    throw new StartException(exit.code(), exit.error());
                }
                return exit.code().value();
            } finally {
                input.interrupt();
            }
        } catch (InterruptedException gone) {
            if (exec.config().tty()) {
                exec.signal(HANGUP);
            }
            throw gone;
        }
    }
}

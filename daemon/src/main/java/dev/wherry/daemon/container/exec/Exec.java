package dev.wherry.daemon.container.exec;

import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.container.config.SignalNumbers;
import dev.wherry.daemon.linux.OomScore;
import dev.wherry.daemon.linux.Pidfd;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.runtime.conmon.ConmonExec.Session;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One more process in a container, from its start on. It runs on when nobody is joined to it, when the daemon ends, and
 * until its container ends; then its exit code is known for a while.
 */
public final class Exec {

    private final String id;
    private final Session session;
    private final ExecConfig config;
    private final Attachment attachment;
    private final TerminalWindow window;
    private final CompletableFuture<Exit> end = new CompletableFuture<>();
    private volatile int pid;
    private volatile OptionalLong startTime = OptionalLong.empty();

    Exec(String id, Session session, ExecConfig config) {
        this(id, session, config, new TerminalWindow());
    }

    private Exec(String id, Session session, ExecConfig config, TerminalWindow window) {
        this.id = id;
        this.session = session;
        this.config = config;
        this.attachment = new Attachment(config.stdin());
        this.window = window;
    }

    /** The same exec in another session, with a window of the size that was asked of this one. */
    Exec with(Session other, ExecConfig changed) {
        return new Exec(id, other, changed, window);
    }

    /** 64 hexadecimal digits. */
    public String id() {
        return id;
    }

    /** ID of its container. */
    public String container() {
        return session.container();
    }

    public ExecConfig config() {
        return config;
    }

    /** The streams of the process, which end with the process; closing them detaches from it. */
    public Attachment streams() {
        return attachment;
    }

    /** ID of the process on the host; 0 before the process is started. */
    public int pid() {
        return pid;
    }

    /** How the process ended; empty while it runs. */
    public Optional<Exit> exit() {
        return Optional.ofNullable(end.getNow(null));
    }

    /** Whether it has been started, and has not ended. */
    public boolean isRunning() {
        return pid != 0 && exit().isEmpty();
    }

    /** Waits for the end of the process. The error of the exit is not empty when the exit code is lost. */
    public Exit await() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Sets the size of the process's terminal, in characters; one that is not started yet begins with it. */
    public void resize(int columns, int rows) {
        if (config.tty() && exit().isEmpty()) {
            window.resize(new Window(columns, rows));
        }
    }

    /**
     * Sends a signal to the process, if it has not ended.
     *
     * @param signal name ("SIGINT", "INT") or number
     */
    public void signal(String signal) {
        signal(SignalNumbers.parse(signal));
    }

    public void signal(int number) {
        try {
            if (startTime.isPresent() && exit().isEmpty()) {
                Pidfd.signal(pid, startTime.getAsLong(), number);
            }
        } catch (SystemCallException refused) {
            // A process that may not be signalled is none of ours any more.
        }
    }

    Session session() {
        return session;
    }

    void started(int process) {
        pid = process;
        startTime = Processes.startTime(process);
        if (config.tty()) {
            window.open(session.control());
        }
    }

    /** Gives the process the OOM score of its container: not every runtime does so for an exec. */
    void adjustOomScore(int adjustment) throws IOException {
        if (startTime.isPresent()) {
            OomScore.adjust(pid, startTime.getAsLong(), adjustment);
        }
    }

    void ended(Exit exit) {
        end.complete(exit);
    }
}

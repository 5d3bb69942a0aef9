package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.container.state.Exit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What is known of a container in memory only. All of it is guarded by the lock. */
public final class Live {

    public final ReentrantLock lock = new ReentrantLock();
    /** Signalled when any of the fields below, or the state in the database, changes. */
    public final Condition changed = lock.newCondition();

    /** Clients that joined before the start. */
    final List<Attachment> waiting = new ArrayList<>();

    /** Of the client that said so last. */
    Optional<Window> window = Optional.empty();

    /** What its restart policy waited last; zero before the first time. */
    Duration delay = Duration.ZERO;

    /** How often it has stopped, or failed to start, since the daemon was started. */
    int exits;

    Exit lastExit = new Exit(0, "");
    boolean removed;
    /** Its last run is over but still being cleared away. */
    public boolean clearing;

    void ended(Exit exit) {
        exits++;
        lastExit = exit;
        waiting.forEach(Attachment::cancel);
        waiting.clear();
        changed.signalAll();
    }
}

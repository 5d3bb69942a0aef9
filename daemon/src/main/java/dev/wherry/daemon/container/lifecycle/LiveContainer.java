package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.attach.Window;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.NotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The state of one container that only this daemon's memory holds, and the lock under which the container passes from
 * one state to another. Whoever reads or writes a field, or makes a transition, holds the lock.
 */
final class LiveContainer {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Attachments made before the start. */
    private final List<Attachment> waiting = new ArrayList<>();

    /** Completed when the present run, or else the next one, ends. */
    private CompletableFuture<Exit> nextExit = new CompletableFuture<>();

    /** The size that a client reported last. */
    Optional<Window> window = Optional.empty();

    /** How many restarts by hand are under way, whose exits remove no container. */
    int restarting;

    /** True if the last run could not be cleared away: the next start tries again. */
    boolean unclean;

    /** How long the restart policy waited last; zero before the first time. */
    Duration delay = Duration.ZERO;

    /** Grows with each restart that is scheduled: only the last one takes place. */
    int scheduled;

    private int exits;
    private Exit lastExit = Exit.of(ExitCode.SUCCESS);
    private boolean removed;
    private boolean clearing;

    /** Takes the lock until the result is closed, by the same thread. */
    Hold hold() {
        lock.lock();
        return lock::unlock;
    }

    Hold holdInterruptibly() throws InterruptedException {
        lock.lockInterruptibly();
        return lock::unlock;
    }

    /** Wakes everybody who waits for a change of this container. */
    void signalChange() {
        changed.signalAll();
    }

    void awaitChange() throws InterruptedException {
        changed.await();
    }

    /** Returns how many of the nanoseconds are left; none when the time is over. */
    long awaitChange(long nanos) throws InterruptedException {
        return changed.awaitNanos(nanos);
    }

    /** Waits until no earlier run is being cleared away. */
    void awaitCleared() throws InterruptedException {
        while (clearing) {
            changed.await();
        }
    }

    /** As {@link #awaitCleared}, to the end. */
    void awaitClearedUninterruptibly() {
        while (clearing) {
            changed.awaitUninterruptibly();
        }
    }

    /** True while the last run has ended but is not cleared away yet. */
    boolean isClearing() {
        return clearing;
    }

    void clearing(boolean now) {
        clearing = now;
        changed.signalAll();
    }

    /** Connects the attachment when the container starts. */
    void awaitStart(Attachment attachment) {
        waiting.add(attachment);
    }

    /** The attachments that {@link #awaitStart} was called for since the last start. */
    List<Attachment> takeWaiting() {
        List<Attachment> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    CompletableFuture<Exit> nextExit() {
        return nextExit;
    }

    /** How often the container has exited, or failed to start, since the daemon started. */
    int exits() {
        return exits;
    }

    Exit lastExit() {
        return lastExit;
    }

    boolean isRemoved() {
        return removed;
    }

    /** The container exited or failed to start. */
    void ended(Exit exit) {
        exits++;
        lastExit = exit;
        takeWaiting().forEach(Attachment::cancel);
        nextExit.complete(exit);
        nextExit = new CompletableFuture<>();
        changed.signalAll();
    }

    /** The container has no row any more. */
    void removed(String id) {
        removed = true;
        takeWaiting().forEach(Attachment::cancel);
        nextExit.completeExceptionally(new NotFoundException("container", id));
        changed.signalAll();
    }
}

package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.StepOutput;
import dev.wherry.daemon.error.CancelledException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a running step has told so far, for any number of readers, each at its own pace. It keeps the beginning and the
 * latest part. The step waits for the fastest reader before it forgets anything unread, and not for long even for that
 * one; a slower reader misses the middle, and finds a note in its place.
 */
final class StepLog implements StepOutput {

    /** Something that a step told. */
    sealed interface Event {

        /**
         * It was not in the cache and runs.
         *
         * @param atNanos when it began, of {@link System#nanoTime}
         */
        record Started(long atNanos) implements Event {}

        record Output(BuildProgress.Stream stream, byte[] data) implements Event {}

        record Transferred(String item, long current, long total) implements Event {}

        /** It failed, and offers a shell. */
        record Offered(String shell, String problem) implements Event {}
    }

    private static final int HEAD_BYTES = 64 << 10;
    private static final int TAIL_BYTES = 1 << 20;
    /** What an event takes besides its data. */
    private static final int OVERHEAD = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** @param end bytes of output up to and including this event */
    private record Entry(Event event, int weight, long end) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private final Condition read = lock.newCondition();
    private final List<Entry> head = new ArrayList<>();
    private final List<Entry> tail = new ArrayList<>();
    /** Where the tail begins in its list; what is before is forgotten, and removed once it is much. */
    private int tailStart;

    private int headWeight;
    private int tailWeight;
    private long bytes;
    /** Events are numbered from 0. Those from the end of the head up to this one are forgotten. */
    private long tailFrom;

    private long fastest;
    private boolean readersStall;
    private boolean ended;

    void started() {
        add(new Event.Started(System.nanoTime()), 0);
    }

    @Override
    public void output(BuildProgress.Stream stream, byte[] data) {
        add(new Event.Output(stream, data), data.length);
    }

    @Override
    public void transferred(String item, long current, long total) {
        add(new Event.Transferred(item, current, total), 0);
    }

    @Override
    public void offered(String shell, String problem) {
        add(new Event.Offered(shell, problem), 0);
    }

    /** Nothing follows. */
    void end() {
        lock.lock();
        try {
            ended = true;
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(Event event, int length) {
        int weight = length + OVERHEAD;
        lock.lock();
        try {
            if (tailSize() == 0 && headWeight + weight <= HEAD_BYTES) {
                bytes += length;
                head.add(new Entry(event, weight, bytes));
                headWeight += weight;
                tailFrom = head.size();
            } else {
                makeRoom(weight);
                bytes += length;
                tail.add(new Entry(event, weight, bytes));
                tailWeight += weight;
            }
            told.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build step was cancelled");
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(int weight) throws InterruptedException {
        while (tailSize() > 0 && tailWeight + weight > TAIL_BYTES) {
            if (tailFrom >= fastest && !readersStall) {
                long left = PATIENCE.toNanos();
                while (tailFrom >= fastest && left > 0) {
                    left = read.awaitNanos(left);
                }
                readersStall = tailFrom >= fastest;
                // Two streams may be told at once: who waited looks again.
                continue;
            }
            tailWeight -= tail.set(tailStart, null).weight();
            tailStart++;
            tailFrom++;
        }
        if (tailStart > tail.size() / 2) {
            tail.subList(0, tailStart).clear();
            tailStart = 0;
        }
    }

    private int tailSize() {
        return tail.size() - tailStart;
    }

    /** One who reads from the beginning. */
    Reader reader() {
        return new Reader();
    }

    /** Reads on where it was. */
    final class Reader {

        private long position;
        private long offset;

        private Reader() {}

        /** Waits for the next event; empty when there is none any more. */
        Optional<Event> next() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (position >= tailFrom + tailSize() && !ended) {
                    told.await();
                }
                if (position >= tailFrom + tailSize()) {
                    return Optional.empty();
                }
                return Optional.of(take());
            } finally {
                lock.unlock();
            }
        }

        private Event take() {
            if (position >= head.size() && position < tailFrom) {
                position = tailFrom;
                Entry first = tail.get(tailStart);
                long start = first.end() - length(first.event());
                long missed = start - offset;
                offset = start;
                if (missed > 0) {
                    return note(missed);
                }
            }
            Entry entry = position < head.size()
                    ? head.get((int) position)
                    : tail.get(tailStart + (int) (position - tailFrom));
            position++;
            offset = entry.end();
            if (position > fastest) {
                fastest = position;
                readersStall = false;
                read.signalAll();
            }
            return entry.event();
        }
    }

    private static int length(Event event) {
        return event instanceof Event.Output output ? output.data().length : 0;
    }

    private static Event note(long missed) {
        String text = "\n[" + missed + " bytes of output are left out here: they came faster than they were read]\n";
        return new Event.Output(BuildProgress.Stream.STDERR, text.getBytes(StandardCharsets.UTF_8));
    }
}

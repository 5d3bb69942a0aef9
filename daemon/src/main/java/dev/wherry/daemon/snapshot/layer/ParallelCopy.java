package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.error.CancelledException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Copies many files side by side: in batches, since one small file is not worth a thread. */
public final class ParallelCopy {

    private static final int BATCH = 64;

    private final List<Copy> copies = new ArrayList<>();

    /** The copying of one file. */
    @FunctionalInterface
    public interface Copy {
        void run() throws IOException;
    }

    public void add(Copy copy) {
        copies.add(copy);
    }

    /** Does all that was added; the first failure is thrown when nothing runs any more. */
    public void join() throws IOException {
        if (copies.size() <= BATCH) {
            runAll(copies);
            return;
        }
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().factory())) {
            List<Future<?>> batches = new ArrayList<>();
            for (int from = 0; from < copies.size(); from += BATCH) {
                List<Copy> batch = copies.subList(from, Math.min(copies.size(), from + BATCH));
                batches.add(pool.submit(() -> {
                    runAll(batch);
                    return null;
                }));
            }
            try {
                for (Future<?> batch : batches) {
                    batch.get();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException("the copy was cancelled");
            } catch (ExecutionException failure) {
                throw thrown(failure.getCause());
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private static void runAll(List<Copy> batch) throws IOException {
        for (Copy copy : batch) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException("the copy was cancelled");
            }
            copy.run();
        }
    }

    private static IOException thrown(Throwable cause) throws IOException {
        switch (cause) {
            case IOException io -> throw io;
            case RuntimeException unchecked -> throw unchecked;
            default -> throw new IllegalStateException(cause);
        }
    }
}

package dev.wherry.daemon.image.push;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Handles many things side by side, such as the layers of an image. A failure ends what still runs. */
public final class ParallelTasks {

    private ParallelTasks() {}

    /** What is done with one thing. */
    @FunctionalInterface
    public interface Task<T, R> {
        R run(T item) throws InterruptedException;
    }

    /**
     * Runs a task for each item, and returns the results in the order of the items.
     *
     * @param atOnce how many run at the same time
     * @param cancelled the message when the caller is interrupted
     */
    public static <T, R> List<R> each(List<T> items, int atOnce, String cancelled, Task<T, R> task) {
        Semaphore turns = new Semaphore(atOnce, true);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<R>> running = new ArrayList<>();
            for (T item : items) {
                Callable<R> turn = () -> {
                    turns.acquire();
                    try {
                        return task.run(item);
                    } finally {
                        turns.release();
                    }
                };
                running.add(threads.submit(turn));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> one : running) {
                results.add(await(one, cancelled));
            }
            return results;
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    private static <R> R await(Future<R> task, String cancelled) {
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException(cancelled, interrupted);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case WherryException told -> throw told;
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }
}

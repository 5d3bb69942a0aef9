package dev.wherry.daemon.image.pull;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.metrics.Metric;
import dev.wherry.daemon.metrics.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** One pull that any number of callers wait for. The last one to give up ends it. */
final class SharedPull implements PullProgress {

    private final List<PullProgress> callers = new ArrayList<>();
    private final CompletableFuture<PullResult> result = new CompletableFuture<>();
    private final Map<Digest, Consumer<PullProgress>> layers = new LinkedHashMap<>();
    private boolean abandoned;
    private Thread worker;

    SharedPull(PullProgress first) {
        callers.add(first);
    }

    void start(Function<PullProgress, PullResult> work) {
        worker = Thread.ofVirtual().name("pull").start(() -> {
            try {
                PullResult pulled = work.apply(this);
                Metrics.count(Metric.PULLS, "completed");
                result.complete(pulled);
            } catch (Throwable failure) {
                Metrics.count(Metric.PULLS, failure instanceof CancelledException ? "cancelled" : "failed");
                result.completeExceptionally(failure);
            }
        });
    }

    /** One more caller; false when the pull is being ended. */
    synchronized boolean join(PullProgress progress) {
        if (abandoned) {
            return false;
        }
        callers.add(progress);
        layers.values().forEach(last -> last.accept(progress));
        return true;
    }

    synchronized int callers() {
        return callers.size();
    }

    PullResult await(PullProgress progress) {
        try {
            return result.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("pull cancelled", interrupted);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case WherryException told -> throw told;
                case RuntimeException defect -> throw defect;
                case Error defect -> throw defect;
                default -> throw new IllegalStateException(failure.getCause());
            }
        } finally {
            leave(progress);
        }
    }

    private synchronized void leave(PullProgress progress) {
        callers.remove(progress);
        if (callers.isEmpty()) {
            abandoned = true;
            worker.interrupt();
        }
    }

    @Override
    public synchronized void message(String line) {
        callers.forEach(caller -> caller.message(line));
    }

    @Override
    public synchronized void layer(Digest layer, Phase phase, long currentBytes, long totalBytes) {
        Consumer<PullProgress> told = caller -> caller.layer(layer, phase, currentBytes, totalBytes);
        layers.put(layer, told);
        callers.forEach(told);
    }
}

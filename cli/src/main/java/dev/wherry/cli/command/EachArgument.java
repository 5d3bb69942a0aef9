package dev.wherry.cli.command;

import dev.wherry.cli.client.CallFailures;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Commands that do the same to several things: one that fails does not keep the others from their turn. */
public final class EachArgument {
    /** What is done to one thing; returns the lines to print. */
    @FunctionalInterface
    public interface Action {
        List<String> on(String name) throws Exception;
    }

    private EachArgument() {}

    /**
     * Does the same to all at once and prints results and errors in the order of the names.
     *
     * @return exit code: 1 when one failed
     */
    public static int of(Session session, List<String> names, Action action) {
        // Made before the threads start, so that they share it.
        session.daemon();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return print(
                    session,
                    names.stream()
                            .map(name -> threads.submit(() -> action.on(name)))
                            .toList());
        }
    }

    /** Does the same to one after the other, for what depends on the order. */
    public static int inOrder(Session session, List<String> names, Action action) {
        int exitCode = 0;
        for (String name : names) {
            exitCode = Math.max(exitCode, print(session, () -> action.on(name)));
        }
        return exitCode;
    }

    private static int print(Session session, List<Future<List<String>>> results) {
        int exitCode = 0;
        for (Future<List<String>> result : results) {
            exitCode = Math.max(exitCode, print(session, result::get));
        }
        return exitCode;
    }

    private static int print(Session session, Callable<List<String>> action) {
        try {
            action.call().forEach(session.console().out()::println);
            return 0;
        } catch (Exception e) {
            Throwable thrown = e instanceof ExecutionException ? e.getCause() : e;
            session.console().error(CallFailures.of(thrown, session.address()).getMessage());
            return 1;
        }
    }
}

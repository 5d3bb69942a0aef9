package dev.wherry.cli.command;

import dev.wherry.cli.error.ExitStatus;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Acts on several objects, each on its own: a failure on one does not prevent the others. */
public final class EachArgument {
    /** Acts on one object and returns the lines to print. */
    @FunctionalInterface
    public interface Action {
        List<String> on(String name) throws Exception;
    }

    private EachArgument() {}

    /**
     * Acts on all at the same time and prints results and errors in the order of the names.
     *
     * @return a failure if one of the actions failed
     */
    public static ExitStatus of(Session session, List<String> names, Action action) {
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

    /** Acts on one after the other, for actions that depend on the order. */
    public static ExitStatus inOrder(Session session, List<String> names, Action action) {
        ExitStatus status = ExitStatus.SUCCESS;
        for (String name : names) {
            status = status.or(print(session, () -> action.on(name)));
        }
        return status;
    }

    private static ExitStatus print(Session session, List<Future<List<String>>> results) {
        ExitStatus status = ExitStatus.SUCCESS;
        for (Future<List<String>> result : results) {
            status = status.or(print(session, result::get));
        }
        return status;
    }

    private static ExitStatus print(Session session, Callable<List<String>> action) {
        try {
            action.call().forEach(session.console().out()::println);
            return ExitStatus.SUCCESS;
        } catch (Exception e) {
            Throwable thrown = e instanceof ExecutionException ? e.getCause() : e;
            session.console().error(session.failure(thrown).getMessage());
            return ExitStatus.FAILURE;
        }
    }
}

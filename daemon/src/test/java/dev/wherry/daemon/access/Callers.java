package dev.wherry.daemon.access;

import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Callers who do not own the host, and code that runs for them. */
public final class Callers {

    private Callers() {}

    /** @param hostPaths that they may mount */
    public static Caller operator(Path... hostPaths) {
        return new Caller("user 1000", "operator", false, List.of(hostPaths), List.of(), List.of(), false);
    }

    /** @param repositories that they may write to */
    public static Caller builder(String... repositories) {
        return new Caller("user 1000", "builder", false, List.of(), List.of(repositories), List.of(), false);
    }

    /** @param sources that they may pull from */
    public static Caller puller(String... sources) {
        return new Caller("user 1000", "builder", false, List.of(), List.of(), List.of(sources), false);
    }

    /** What code throws when it runs for a caller; null for nothing. */
    public static Throwable failure(Caller caller, ThrowingCallable code) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        caller.run(() -> thrown.set(catchThrowable(code)));
        return thrown.get();
    }

    /** What code gives when it runs for a caller. */
    public static <T> T call(Caller caller, Callable<T> code) {
        AtomicReference<T> result = new AtomicReference<>();
        caller.run(() -> {
            try {
                result.set(code.call());
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });
        return result.get();
    }
}

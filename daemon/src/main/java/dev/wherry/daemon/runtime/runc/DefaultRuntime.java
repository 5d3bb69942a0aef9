package dev.wherry.daemon.runtime.runc;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The OCI runtime of build steps, and of containers that ask for none.
 *
 * @param name as configured, or the one that was chosen
 * @param program empty when it is missing on this host
 * @param reason why it was chosen, as in "crun passed a trial run"; empty when it was configured
 */
public record DefaultRuntime(String name, Optional<Path> program, String reason) {

    /** The configured name that leaves the choice to the daemon. */
    public static final String AUTO = "auto";

    private static final String FAST = "crun";
    private static final String USUAL = "runc";

    /** True if the daemon would rather have chosen another one. */
    boolean isSecondChoice() {
        return !reason.isEmpty() && !name.equals(FAST);
    }

    /** Finds the runtime that the configuration names. */
    static DefaultRuntime named(String name) {
        return new DefaultRuntime(name, OciRuntime.find(name), "");
    }

    /**
     * Chooses crun, which starts a container in a third of the time, where it works on this host, and else runc.
     *
     * @param trial runs a container with a runtime, and says what went wrong; empty when nothing did
     */
    static DefaultRuntime choose(Function<Path, Optional<String>> trial) {
        return choose(OciRuntime.find(FAST), OciRuntime.find(USUAL), trial);
    }

    static DefaultRuntime choose(Optional<Path> fast, Optional<Path> usual, Function<Path, Optional<String>> trial) {
        if (fast.isEmpty()) {
            return new DefaultRuntime(USUAL, usual, FAST + " is not installed");
        }
        return trial.apply(fast.get())
                .map(failure -> new DefaultRuntime(USUAL, usual, FAST + " failed a trial run: " + failure))
                .orElseGet(() -> new DefaultRuntime(FAST, fast, FAST + " passed a trial run"));
    }
}

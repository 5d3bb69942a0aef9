package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What STOPSIGNAL may name. */
public final class SignalNames {

    private static final Set<String> NAMES = names();

    private SignalNames() {}

    private static Set<String> names() {
        var names = new TreeSet<>(List.of(
                "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
                "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
                "UNUSED", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX"));
        for (int i = 1; i <= 15; i++) {
            names.add("RTMIN+" + i);
        }
        for (int i = 1; i <= 14; i++) {
            names.add("RTMAX-" + i);
        }
        return Set.copyOf(names);
    }

    /**
     * Checks a signal: a number that is not 0, or a name with or without SIG.
     *
     * @throws DockerfileException at {@code position} when it is none
     */
    public static void check(String signal, Position position) {
        if (signal.matches("[-+]?[0-9]{1,9}") ? Integer.parseInt(signal) != 0 : NAMES.contains(name(signal))) {
            return;
        }
        throw new DockerfileException(
                position,
                signal,
                "invalid signal " + DockerfileException.quote(signal) + " in STOPSIGNAL: it takes a name or a number"
                        + Suggestion.hint("SIG", name(signal), NAMES));
    }

    private static String name(String signal) {
        String upper = signal.toUpperCase(Locale.ROOT);
        return upper.startsWith("SIG") ? upper.substring(3) : upper;
    }
}

package dev.wherry.daemon.container.config;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Signals by name or number, as signal(7) numbers them on x86 and ARM. */
public final class SignalNumbers {

    public static final int KILL = 9;
    private static final int HIGHEST = 64;
    private static final int REAL_TIME = 34;

    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        List<String> names = List.of(
                "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
                        .split(" "));
        for (int i = 0; i < names.size(); i++) {
            NUMBERS.put(names.get(i), i + 1);
        }
        NUMBERS.put("IOT", NUMBERS.get("ABRT"));
        NUMBERS.put("CLD", NUMBERS.get("CHLD"));
        NUMBERS.put("POLL", NUMBERS.get("IO"));
        for (int i = 0; REAL_TIME + i <= HIGHEST; i++) {
            NUMBERS.put("RTMIN+" + i, REAL_TIME + i);
            NUMBERS.put("RTMAX-" + i, HIGHEST - i);
        }
        NUMBERS.put("RTMIN", REAL_TIME);
        NUMBERS.put("RTMAX", HIGHEST);
    }

    private SignalNumbers() {}

    /** @throws InvalidInputException when there is no such signal */
    public static int parse(String signal) {
        String name = signal.toUpperCase(Locale.ROOT);
        Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
        if (number != null) {
            return number;
        }
        if (signal.matches("[0-9]{1,2}")) {
            int value = Integer.parseInt(signal);
            if (value >= 1 && value <= HIGHEST) {
                return value;
            }
        }
        throw new InvalidInputException(
                "signal \"" + signal + "\" is not known: use a name such as SIGTERM, or a number from 1 to " + HIGHEST);
    }
}

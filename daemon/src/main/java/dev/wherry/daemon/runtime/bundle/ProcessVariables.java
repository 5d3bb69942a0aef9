package dev.wherry.daemon.runtime.bundle;

import java.util.Map;

/** Environment variables of a process, in the form that a container's configuration gives them. */
final class ProcessVariables {

    private ProcessVariables() {}

    /** Sets the variable of {@code NAME=VALUE}, and removes that of {@code NAME} alone, as Docker does. */
    static void apply(String given, Map<String, String> variables) {
        int equals = given.indexOf('=');
        if (equals > 0) {
            variables.put(given.substring(0, equals), given.substring(equals + 1));
        } else if (equals < 0) {
            variables.remove(given);
        }
    }
}

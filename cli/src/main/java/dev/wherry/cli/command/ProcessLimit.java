package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ResourceLimit;

/** The value of a flag {@code --ulimit}: {@code NAME=SOFT[:HARD]}, where -1 is unlimited. */
public final class ProcessLimit {
    private ProcessLimit() {}

    public static ResourceLimit parse(String given) {
        int equals = given.indexOf('=');
        if (equals <= 0) {
            throw invalid(given, "invalid ulimit argument: " + given);
        }
        String[] values = given.substring(equals + 1).split(":", -1);
        if (values.length > 2) {
            throw invalid(
                    given,
                    "too many limit value arguments - " + given.substring(equals + 1)
                            + ", can only have up to two, `soft[:hard]`");
        }
        long soft = number(given, values[0]);
        return ResourceLimit.newBuilder()
                .setName(given.substring(0, equals))
                .setSoft(soft)
                .setHard(values.length == 1 ? soft : number(given, values[1]))
                .build();
    }

    private static long number(String given, String text) {
        if (!text.matches("-1|[0-9]{1,18}")) {
            throw invalid(given, "\"" + text + "\" is not a whole number");
        }
        return Long.parseLong(text);
    }

    private static Failure invalid(String given, String reason) {
        return FlagValue.invalid("--ulimit", given, reason);
    }
}

package dev.wherry.cli.command.builder.history;

import dev.wherry.cli.error.Failure;

/**
 * A build and one of its steps as a user names them. A number of up to three digits that stands alone is a step of the
 * last build.
 *
 * @param build what the daemon takes for a build; empty for the last
 * @param step its number; 0 when none is named
 */
public record StepName(String build, int step) {
    public static StepName of(String build, String step) {
        if (step.isEmpty() && build.matches("#?[0-9]{1,3}")) {
            return new StepName("", number(build));
        }
        return new StepName(build, step.isEmpty() ? 0 : number(step));
    }

    private static int number(String step) {
        String digits = step.startsWith("#") ? step.substring(1) : step;
        if (!digits.matches("[1-9][0-9]{0,5}")) {
            throw new Failure("\"" + step + "\" is not a step: give its number, such as 5");
        }
        return Integer.parseInt(digits);
    }
}

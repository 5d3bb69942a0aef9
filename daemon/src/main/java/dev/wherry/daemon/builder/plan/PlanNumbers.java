package dev.wherry.daemon.builder.plan;

/**
 * How the steps of a plan are told from those of other plans of the same build.
 *
 * @param first number of the first step
 * @param withPlatform whether the names of steps say the platform, as in {@code [linux/arm64 build 2/6]}
 */
public record PlanNumbers(int first, boolean withPlatform) {

    /** Those of the only plan of a build. */
    public static final PlanNumbers ALONE = new PlanNumbers(1, false);
}

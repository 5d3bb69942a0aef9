package dev.wherry.daemon.builder.explain;

/**
 * Where a step stands in its Dockerfile.
 *
 * @param step its number in the build, ascending in the order of the Dockerfile
 * @param stage name of its stage, or {@code stage-2} where it has none
 * @param instruction the instruction as written, on one line
 */
public record Place(int step, String stage, String instruction) {

    String keyword() {
        int space = instruction.indexOf(' ');
        return space < 0 ? instruction : instruction.substring(0, space);
    }
}

package dev.wherry.cli.view;

/**
 * Bytes of one item that were moved so far.
 *
 * @param total 0 if unknown
 */
public record Transfer(long current, long total) {
    public boolean isComplete() {
        return total > 0 && current >= total;
    }
}

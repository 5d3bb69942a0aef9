package dev.wherry.cli.view;

/** The progress of a transfer, as a bar and in figures. */
public final class TransferBar {
    private static final int WIDEST = 30;
    private static final int NARROWEST = 8;

    private TransferBar() {}

    /** The bar alone. */
    static String bar(long current, long total, int width) {
        int filled = (int) Math.clamp(width * (double) current / total, 0, width);
        return filled == width
                ? "[" + "=".repeat(width) + "]"
                : "[" + "=".repeat(filled) + ">" + " ".repeat(width - filled - 1) + "]";
    }

    /** The figures alone: {@code 3.1MB / 10MB}. */
    public static String figures(Transfer moved) {
        String current = Units.progressSize(moved.current());
        return moved.total() > 0 ? current + " / " + Units.progressSize(moved.total()) : current;
    }

    /** A line of an item, its bar as wide as there is room, and the figures. */
    public static String line(String item, Transfer moved, int columns) {
        String figures = figures(moved);
        int room = columns - ScreenLine.width(item) - figures.length() - 6;
        return moved.total() <= 0 || room < NARROWEST
                ? item + "  " + figures
                : item + "  " + bar(moved.current(), moved.total(), Math.min(WIDEST, room)) + "  " + figures;
    }
}

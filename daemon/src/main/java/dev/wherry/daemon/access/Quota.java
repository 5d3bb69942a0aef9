package dev.wherry.daemon.access;

import dev.wherry.daemon.error.InvalidInputException;

/**
 * How much the callers of one binding may use.
 *
 * @param owner the callers as the configuration names them, such as "group:ci"; empty for callers without a binding
 * @param builds of all of them that run at once; 0 for any number
 * @param memory bytes that the memory limits of all their running containers may add up to; 0 for any number
 * @param contexts bytes that the build contexts which one of them sent may take; 0 for any number
 */
public record Quota(String owner, int builds, long memory, long contexts) {

    /** No bounds. */
    public static final Quota NONE = new Quota("", 0, 0, 0);

    private static final int MOST_BUILDS = 10_000;

    static Quota of(String owner) {
        return new Quota(owner, 0, 0, 0);
    }

    /** The bytes that the build contexts which one caller sent may take. */
    public long mostContexts() {
        return contexts == 0 ? Long.MAX_VALUE : contexts;
    }

    /**
     * This quota with one more bound.
     *
     * @param text {@code builds=2}, {@code memory=8GiB} or {@code contexts=20GiB}
     */
    Quota with(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String value = text.substring(equals + 1);
        return switch (name) {
            case "builds" -> new Quota(owner, count(text, value), memory, contexts);
            case "memory" -> new Quota(owner, builds, size(text, value), contexts);
            case "contexts" -> new Quota(owner, builds, memory, size(text, value));
            default ->
                throw new InvalidInputException(
                        "\"" + text + "\" is not a bound of a role: use builds=N, memory=SIZE, contexts=SIZE, or"
                                + " namespace=NAME with disk=SIZE");
        };
    }

    private static int count(String text, String value) {
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > MOST_BUILDS) {
            throw new InvalidInputException("\"" + text + "\" is not a number from 1 to " + MOST_BUILDS);
        }
        return Integer.parseInt(value);
    }

    /** The bytes that the value of a bound says. */
    static long size(String text, String value) {
        long bytes = SizeText.parse(value).orElse(0);
        if (bytes <= 0) {
            throw new InvalidInputException("\"" + text + "\" is not a size such as 500MiB or 4GiB");
        }
        return bytes;
    }
}

package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.copy.CopySpec;

/** Where COPY puts a file, as far as its instruction says: close enough to speak of, not to copy by. */
final class Placement {

    private Placement() {}

    /** @param path seen from what is copied from */
    static String of(CopySpec copy, String path) {
        String destination = copy.destination();
        String base = destination.endsWith("/") ? destination : destination + "/";
        for (String source : copy.sources()) {
            String from = clean(source);
            if (from.isEmpty()) {
                return base + path;
            }
            if (path.equals(from)) {
                return destination.endsWith("/") ? base + name(path) : destination;
            }
            if (path.startsWith(from + "/")) {
                return base + path.substring(from.length() + 1);
            }
        }
        return base + name(path);
    }

    /** Whether a source takes a file of an image along. */
    static boolean covers(String source, String placed) {
        String from = "/" + clean(source);
        return from.equals("/")
                || from.contains("*")
                || from.contains("?")
                || from.contains("[")
                || placed.equals(from)
                || placed.startsWith(from + "/");
    }

    private static String clean(String source) {
        return source.replaceAll("/\\./|//+", "/").replaceAll("^(\\./|/)+", "").replaceAll("(/\\.?|^\\.)$", "");
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}

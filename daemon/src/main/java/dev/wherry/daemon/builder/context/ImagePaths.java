package dev.wherry.daemon.builder.context;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside an image: slash-separated text that the host's file system does not know. */
public final class ImagePaths {

    private ImagePaths() {}

    /** The absolute, cleaned form of a path seen from a directory; {@code ..} ends at the root. */
    public static String absolute(String directory, String path) {
        Deque<String> names = new ArrayDeque<>();
        String whole = path.startsWith("/") ? path : directory + "/" + path;
        for (String name : whole.split("/")) {
            switch (name) {
                case "", "." -> {}
                case ".." -> names.pollLast();
                default -> names.addLast(name);
            }
        }
        return "/" + String.join("/", names);
    }
}

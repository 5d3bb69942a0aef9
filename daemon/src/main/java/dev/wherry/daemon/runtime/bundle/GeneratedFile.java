package dev.wherry.daemon.runtime.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file that is generated and that its reader may edit. What was generated is kept in a second file beside it, whose
 * name begins with a dot: a difference is an edit. While a new text replaces an old one the second file holds both, so
 * that neither is taken for an edit if the daemon ends in between.
 *
 * <p>The file is always written in place, since it is mounted in a container.
 */
final class GeneratedFile {

    private static final String BETWEEN = "\0";
    /** A file that has grown beyond this is nothing that anybody wrote by hand: it is not read. */
    private static final long LARGEST_EDIT = 1 << 20;

    private final Path file;
    private final Path record;

    GeneratedFile(Path folder, String name) {
        this.file = folder.resolve(name);
        this.record = folder.resolve("." + name);
    }

    /** Writes the text, unless the file was edited. */
    void replace(String text) throws IOException {
        String next = bytes(text);
        if (!Files.exists(file) || !isTooLarge() && generated().contains(read(file))) {
            write(next, next);
        }
    }

    /** Writes the text, and after it the lines that an edit added. */
    void merge(String text) throws IOException {
        String next = bytes(text);
        if (!Files.exists(file) || isTooLarge()) {
            write(next, next);
            return;
        }
        Set<String> known = new HashSet<>(lines(next));
        generated().forEach(old -> known.addAll(lines(old)));
        StringBuilder merged = new StringBuilder(next);
        for (String line : lines(read(file))) {
            if (!known.contains(line)) {
                merged.append(line).append('\n');
            }
        }
        write(next, merged.toString());
    }

    private boolean isTooLarge() throws IOException {
        return Files.size(file) > LARGEST_EDIT;
    }

    private void write(String generated, String content) throws IOException {
        if (Files.exists(file)) {
            List<String> both = new ArrayList<>(generated());
            both.add(generated);
            write(record, String.join(BETWEEN, both));
        }
        write(file, content);
        write(record, generated);
    }

    private List<String> generated() throws IOException {
        return Files.exists(record) ? Arrays.asList(read(record).split(BETWEEN, -1)) : List.of();
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\n"));
    }

    /** One character a byte, so that an edit in any encoding stays as it is. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static void write(Path file, String bytes) throws IOException {
        Files.writeString(file, bytes, StandardCharsets.ISO_8859_1);
    }
}

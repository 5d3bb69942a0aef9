package dev.wherry.daemon.api.cri.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.wherry.daemon.container.attach.Window;
import java.io.IOException;
import java.io.InputStream;

/** Reads the sizes of a client's window, which come as objects of JSON one after another. */
final class SizeReader {

    private static final int LONGEST_TEXT = 100;
    private static final int DEEPEST = 4;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNameLength(LONGEST_TEXT)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(LONGEST_TEXT)
                    .build())
            .build();

    private SizeReader() {}

    /** Reads until the stream ends; nothing comes after what is no size. */
    static void read(InputStream in, WindowSizes sizes) {
        try (JsonParser parser = JSON.createParser(in)) {
            int width = 0;
            int height = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_INT) {
                    int value = (int) Math.clamp(parser.getLongValue(), 0, Integer.MAX_VALUE);
                    switch (String.valueOf(parser.currentName())) {
                        case "Width" -> width = value;
                        case "Height" -> height = value;
                        default -> {}
                    }
                } else if (token == JsonToken.END_OBJECT && width > 0 && height > 0) {
                    sizes.changed(new Window(width, height));
                }
            }
        } catch (IOException noSize) {
            // A terminal of the wrong size is no reason to end its process.
        }
    }
}

package dev.wherry.daemon.image.files;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image as it was after one of its layers: {@code app@4}. A name without a number stands for the whole image. Layers
 * are counted from the bottom, from 1; {@code app@0} has no files. No reference is written so: a digest has a colon.
 */
record LayerName(String image, OptionalInt layer) {

    private static final Pattern NUMBERED = Pattern.compile("(.+)@([0-9]{1,4})");

    static LayerName parse(String text) {
        Matcher numbered = NUMBERED.matcher(text);
        return numbered.matches()
                ? new LayerName(numbered.group(1), OptionalInt.of(Integer.parseInt(numbered.group(2))))
                : new LayerName(text, OptionalInt.empty());
    }

    @Override
    public String toString() {
        return layer.isEmpty() ? image : image + "@" + layer.getAsInt();
    }

    /** The same image before that layer. */
    LayerName below() {
        if (layer.isEmpty()) {
            throw new InvalidInputException("a second image is needed to compare " + image
                    + " with, or the number of a layer: " + image + "@1");
        }
        if (layer.getAsInt() == 0) {
            throw new InvalidInputException("nothing is below layer 0 of " + image);
        }
        return new LayerName(image, OptionalInt.of(layer.getAsInt() - 1));
    }
}

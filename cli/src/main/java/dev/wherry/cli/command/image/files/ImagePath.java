package dev.wherry.cli.command.image.files;

import dev.wherry.cli.error.Failure;

/** A file of an image as users write it: {@code app:1.0:/etc/passwd}. No image name has a slash after a colon. */
record ImagePath(String image, String path) {
    static ImagePath parse(String text) {
        int colon = text.indexOf(":/");
        if (colon <= 0) {
            throw new Failure("image cat: \"" + text + "\" names no file of an image: write IMAGE:/PATH");
        }
        return new ImagePath(text.substring(0, colon), text.substring(colon + 1));
    }
}

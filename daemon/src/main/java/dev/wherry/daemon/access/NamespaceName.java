package dev.wherry.daemon.access;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.regex.Pattern;

/**
 * The name of a namespace: of a part of the machine with images, containers, builds, volumes and networks of its own, for
 * the callers whose roles name it. It is also the name of the folders of the namespace.
 */
public record NamespaceName(String text) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,31}");

    /** @throws InvalidInputException when the text is no name */
    public NamespaceName {
        if (!FORM.matcher(text).matches()) {
            throw new InvalidInputException("\"" + text + "\" is not the name of a namespace: use up to 32 lowercase"
                    + " letters, digits and the characters _ . - and begin with a letter or digit");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Input.Kind;
import dev.wherry.daemon.content.Digest;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An {@link Input} of a step as the history keeps it: a text that may be shown. Two recorded inputs are equal exactly
 * when the inputs are, up to the chance that two digests collide.
 *
 * @param value what is shown; empty if nothing of it may be shown
 * @param mark a short digest of the value if the text leaves something out, else empty
 */
public record RecordedInput(Kind kind, String name, String value, String mark) {

    /** Longer values are cut. */
    private static final int LONGEST = 8192;

    private static final Pattern SENSITIVE =
            Pattern.compile("TOKEN|PASSW|SECRET|KEY|CREDENTIAL|AUTH(?!OR)|PRIVATE|APIKEY|_PAT$|_PWD$");

    private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s\"']+@");

    /** Leaves out the value of a variable whose name says that it is a secret, and passwords in addresses. */
    public static RecordedInput of(Input input) {
        String value = input.value();
        boolean variable = input.kind().counted() == Kind.ENV;
        if (variable && SENSITIVE.matcher(input.name().toUpperCase(Locale.ROOT)).find()) {
            return new RecordedInput(input.kind(), input.name(), "", digest(input.name() + "=" + value));
        }
        String shown = USER_INFO.matcher(value).replaceAll("$1***@");
        shown = shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
        return new RecordedInput(input.kind(), input.name(), shown, shown.equals(value) ? "" : digest(value));
    }

    /** Enough to see a change by, too little to search for the value by. */
    private static String digest(String value) {
        return Digest.sha256(value).hex().substring(0, 8);
    }

    /** True if nothing of the value may be shown. */
    boolean hidden() {
        return value.isEmpty() && !mark.isEmpty();
    }

    /** True if both are values of the same thing, such as of one variable. */
    boolean sameThing(RecordedInput other) {
        return kind.counted() == other.kind.counted() && name.equals(other.name);
    }

    boolean sameValue(RecordedInput other) {
        return value.equals(other.value) && mark.equals(other.mark);
    }
}

package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Annotations of an image, as docker's options write them: {@code [TYPE[PLATFORM]:]KEY=VALUE}. */
final class Annotations {
    private static final Pattern TYPED = Pattern.compile("([a-z,-]+)(\\[[A-Za-z0-9_/-]*])?:(.+)");
    private static final Pattern ATTRIBUTE = Pattern.compile("annotation(-[a-z-]+)?(\\[[A-Za-z0-9_/-]*])?\\.(.+)");

    private Annotations() {}

    /** Those of {@code --annotation}. */
    static Map<String, String> of(List<String> given) {
        Map<String, String> annotations = new LinkedHashMap<>();
        for (String annotation : given) {
            int equals = annotation.indexOf('=');
            if (equals <= 0) {
                throw new Failure("build: invalid --annotation " + annotation + ": it is KEY=VALUE");
            }
            String key = annotation.substring(0, equals);
            Matcher typed = TYPED.matcher(key);
            if (typed.matches()) {
                for (String type : typed.group(1).split(",")) {
                    checkType("--annotation " + annotation, type);
                }
                key = typed.group(3);
            }
            annotations.put(key, annotation.substring(equals + 1));
        }
        return annotations;
    }

    /** That of an attribute of {@code --output}, such as {@code annotation.KEY}. */
    static Map<String, String> ofAttribute(String attribute, String value) {
        Matcher matcher = ATTRIBUTE.matcher(attribute);
        if (!matcher.matches()) {
            throw new Failure("build: invalid --output: \"" + attribute + "\" is not annotation.KEY");
        }
        if (matcher.group(1) != null) {
            checkType("--output " + attribute, matcher.group(1).substring(1));
        }
        return Map.of(matcher.group(3), value);
    }

    private static void checkType(String option, String type) {
        if (!type.equals("manifest")) {
            throw new Failure("build: " + option
                    + ": an image for one platform is annotated on its manifest only, not on \"" + type + "\"");
        }
    }
}

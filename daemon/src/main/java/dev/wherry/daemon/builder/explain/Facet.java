package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.content.Digest;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One thing that a step's cache key depends on, under the name that its author gave it. Two runs of a step differ in the
 * facets whose values differ.
 *
 * @param name tells facets of one kind apart: the name of a variable, the target of a mount; empty where there is one
 * @param value what is compared and shown
 * @param hidden whether the value is only a digest of what must not be shown
 */
public record Facet(Kind kind, String name, String value, boolean hidden) {

    /** What sort of thing it is, in the order of telling. */
    public enum Kind {
        BASE_IMAGE("base image"),
        COMMAND("command"),
        SOURCES("sources"),
        DESTINATION("destination"),
        BUILD_ARG("ARG"),
        ENV("ENV"),
        USER("user"),
        WORKDIR("workdir"),
        OWNER("owner"),
        MODE("mode"),
        MOUNT("mount"),
        NETWORK("network"),
        OPTION("option"),
        COMMIT("commit of"),
        CONTENT("content of");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** What messages call it. */
        public String label() {
            return label;
        }
    }

    /** Longer values are cut, and a digest of the whole put at their end. */
    private static final int LONGEST = 8192;

    private static final Pattern SENSITIVE =
            Pattern.compile("TOKEN|PASSW|SECRET|KEY|CREDENTIAL|AUTH(?!OR)|PRIVATE|APIKEY|_PAT$|_PWD$");

    private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s\"']+@");

    /** A facet of which there is one a step. */
    public static Facet of(Kind kind, String value) {
        return of(kind, "", value);
    }

    public static Facet of(Kind kind, String name, String value) {
        return new Facet(kind, name, cut(USER_INFO.matcher(value).replaceAll("$1***@")), false);
    }

    /** A variable; the value of one whose name says that it is a secret is never kept. */
    public static Facet variable(Kind kind, String name, String value) {
        return SENSITIVE.matcher(name.toUpperCase(Locale.ROOT)).find()
                ? new Facet(kind, name, digest(name + "=" + value), true)
                : of(kind, name, value);
    }

    private static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…#" + digest(value);
    }

    /** Enough to see a change by, too little to search for the value by. */
    private static String digest(String value) {
        return Digest.sha256(value).hex().substring(0, 8);
    }

    boolean sameThing(Facet other) {
        return kind == other.kind && name.equals(other.name);
    }
}

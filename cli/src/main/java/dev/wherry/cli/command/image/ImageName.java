package dev.wherry.cli.command.image;

/**
 * An image's name as users know it.
 *
 * @param repository without the registry and namespace that go without saying
 * @param tag {@code <none>} when the reference has none
 */
public record ImageName(String repository, String tag) {
    static final String NONE = "<none>";
    private static final String DEFAULT_REGISTRY = "docker.io/";
    private static final String DEFAULT_NAMESPACE = "library/";

    /** The name in a canonical reference, such as {@code node} and {@code 22} in {@code docker.io/library/node:22}. */
    public static ImageName of(String reference) {
        String name = reference;
        if (name.startsWith(DEFAULT_REGISTRY)) {
            name = name.substring(DEFAULT_REGISTRY.length());
            String inner = name.startsWith(DEFAULT_NAMESPACE) ? name.substring(DEFAULT_NAMESPACE.length()) : name;
            name = inner.contains("/") ? name : inner;
        }
        int at = name.indexOf('@');
        String tagged = at < 0 ? name : name.substring(0, at);
        int colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
        return colon < 0
                ? new ImageName(tagged, NONE)
                : new ImageName(tagged.substring(0, colon), tagged.substring(colon + 1));
    }

    /** A canonical reference as users write it: {@code node:22}, or with its digest when it has one. */
    public static String familiar(String reference) {
        ImageName name = of(reference);
        int at = reference.indexOf('@');
        return name.repository
                + (name.tag.equals(NONE) ? "" : ":" + name.tag)
                + (at < 0 ? "" : reference.substring(at));
    }

    /** The name with the tag {@code latest} when it has neither tag nor digest. */
    public static String withTag(String name) {
        boolean complete = name.contains("@") || name.indexOf(':', name.lastIndexOf('/') + 1) >= 0;
        return complete ? name : name + ":latest";
    }
}

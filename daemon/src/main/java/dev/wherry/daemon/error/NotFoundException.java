package dev.wherry.daemon.error;

/** The caller named something that is not there. */
public final class NotFoundException extends WherryException {

    private final String kind;
    private final String name;

    /**
     * @param kind what was looked for, in one word: "image", "container", "snapshot"
     * @param name how the caller named it
     */
    public NotFoundException(String kind, String name) {
        this(kind, name, "no such " + kind + ": " + name);
    }

    public NotFoundException(String kind, String name, String message) {
        super(message, null);
        this.kind = kind;
        this.name = name;
    }

    public String kind() {
        return kind;
    }

    public String name() {
        return name;
    }
}

package dev.wherry.daemon.runtime.spec;

import dev.wherry.daemon.error.InvalidInputException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** The network that a process sees. */
@RegisterForReflection
public enum NetworkMode {
    /** The host's own. */
    HOST,
    /** A namespace of its own with nothing but a loopback interface. */
    NONE,
    /** That of another container. */
    CONTAINER;

    private static final String JOINED = "container:";

    /** @throws InvalidInputException when there is no network of that name for the steps of a build */
    public static NetworkMode parse(String name) {
        return switch (name) {
            case "host" -> HOST;
            case "none" -> NONE;
            default -> throw new InvalidInputException("network \"" + name + "\" is not known: use host or none");
        };
    }

    /**
     * As {@link #parse}, but "container:NAME" is one too.
     *
     * @throws InvalidInputException when there is no network of that name
     */
    public static NetworkMode ofContainer(String name) {
        if (name.startsWith(JOINED) && name.length() > JOINED.length()) {
            return CONTAINER;
        }
        return switch (name) {
            case "host" -> HOST;
            case "none" -> NONE;
            default ->
                throw new InvalidInputException(
                        "network \"" + name + "\" is not known: use host, none or container:NAME");
        };
    }

    /** The name that users know it by. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.NetworkMode;

/**
 * How the steps of a build are connected.
 *
 * @param mode by a namespace of its own, as the host, or not at all
 * @param network name or ID of the network that the namespace is on; empty for the default bridge
 */
public record RunNetwork(NetworkMode mode, String network) {

    public static final RunNetwork DEFAULT = new RunNetwork(NetworkMode.BRIDGE, "");
    public static final RunNetwork HOST = new RunNetwork(NetworkMode.HOST, "");
    public static final RunNetwork NONE = new RunNetwork(NetworkMode.NONE, "");

    /**
     * The one of a name, as BuildKit knows them.
     *
     * @throws InvalidInputException when it has another name
     */
    public static RunNetwork parse(String name) {
        return switch (name) {
            case "", "default", "bridge" -> DEFAULT;
            case "host" -> HOST;
            case "none" -> NONE;
            default ->
                throw new InvalidInputException(
                        "network \"" + name + "\" is not one for a build: use default, host or none");
        };
    }

    /**
     * The same, or a network of the daemon, as builds without BuildKit know them.
     *
     * @throws InvalidInputException when it is that of a container
     */
    public static RunNetwork parseWithNetworks(String name) {
        return switch (NetworkMode.ofContainer(name)) {
            case HOST, NONE -> parse(name);
            case CONTAINER ->
                throw new InvalidInputException("network \"" + name
                        + "\" is not one for a build: use default, host, none or the name of a network");
            case BRIDGE ->
                name.isEmpty() || name.equals("default") || name.equals("bridge")
                        ? DEFAULT
                        : new RunNetwork(NetworkMode.BRIDGE, name);
        };
    }

    /** The name that users know it by. */
    @Override
    public String toString() {
        return mode == NetworkMode.BRIDGE ? network.isEmpty() ? "default" : network : mode.toString();
    }
}

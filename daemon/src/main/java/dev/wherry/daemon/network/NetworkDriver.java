package dev.wherry.daemon.network;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Locale;

/** How a network connects namespaces. */
public enum NetworkDriver {
    /** A bridge of the host's kernel, behind the host's addresses. */
    BRIDGE,
    /** Interfaces with hardware addresses of their own on an interface of the host. */
    MACVLAN,
    /** Interfaces that share the hardware address of an interface of the host. */
    IPVLAN,
    /** The host's own namespace; only the predefined network "host" has it. */
    HOST,
    /** No connection; only the predefined network "none" has it. */
    NONE;

    /** @throws InvalidInputException when a network with such a driver cannot be created */
    public static NetworkDriver parse(String name) {
        return switch (name) {
            case "", "bridge" -> BRIDGE;
            case "macvlan" -> MACVLAN;
            case "ipvlan" -> IPVLAN;
            case "host", "null", "none" ->
                throw new InvalidInputException(
                        "only one instance of \"" + name + "\" network is allowed: use the predefined one");
            default ->
                throw new InvalidInputException(
                        "network driver \"" + name + "\" is not known: use bridge, macvlan or ipvlan");
        };
    }

    /** True if endpoints of such a network have addresses. */
    public boolean hasAddresses() {
        return this == BRIDGE || this == MACVLAN || this == IPVLAN;
    }

    /** As users and docker write it. */
    @Override
    public String toString() {
        return this == NONE ? "null" : name().toLowerCase(Locale.ROOT);
    }
}

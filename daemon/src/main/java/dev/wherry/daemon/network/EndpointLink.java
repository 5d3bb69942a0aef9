package dev.wherry.daemon.network;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.List;
import java.util.Optional;

/**
 * A name by which an endpoint knows another one of its network: docker's link. The other one need not exist yet, and may
 * get another address each time it is connected.
 *
 * @param owner name or ID of the other one's owner, or the first 12 digits of the ID
 * @param alias the name
 */
public record EndpointLink(String owner, String alias) {

    private static final int SHORT_ID = 12;

    /**
     * Reads "NAME" or "NAME:ALIAS".
     *
     * @throws InvalidInputException if it is neither
     */
    public static EndpointLink parse(String text) {
        String[] parts = text.split(":", -1);
        String alias = parts[parts.length - 1];
        // Names are written into files where a blank or comma ends them.
        if (parts.length > 2 || parts[0].isEmpty() || !alias.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}")) {
            throw new InvalidInputException("bad format for links: " + text);
        }
        return new EndpointLink(parts[0], alias);
    }

    /** The endpoint that it leads to, among those of a network. */
    public Optional<Endpoint> target(List<Endpoint> endpoints) {
        return endpoints.stream().filter(this::leadsTo).findFirst();
    }

    private boolean leadsTo(Endpoint endpoint) {
        String id = endpoint.owner().id();
        return endpoint.owner().name().equals(owner)
                || id.equals(owner)
                || owner.length() == SHORT_ID && id.startsWith(owner);
    }

    @Override
    public String toString() {
        return owner + ":" + alias;
    }
}

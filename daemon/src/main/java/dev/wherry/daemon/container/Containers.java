package dev.wherry.daemon.container;

import dev.wherry.daemon.error.NotFoundException;
import java.util.List;
import java.util.Optional;

/**
 * The containers of this daemon, as they are at this moment: find and list them. Reading needs no lock and reads no
 * disk. Only {@code lifecycle} changes what is found here.
 */
public interface Containers {

    /**
     * Finds a container by its name, its ID or a unique prefix of its ID.
     *
     * @throws NotFoundException when there is none, or the prefix is not unique
     */
    Container get(String reference);

    /** Finds a container by its whole ID. */
    Optional<Container> find(String id);

    /** All containers, newest first. */
    List<Container> list();

    /** Newest first; without {@code all}, only containers that are up. */
    default List<Container> list(boolean all) {
        return list().stream()
                .filter(container -> all || container.state().isUp())
                .toList();
    }
}

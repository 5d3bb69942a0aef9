package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.Platform;
import java.util.Optional;

/** Finds the images that containers are created from. */
@FunctionalInterface
public interface ContainerImages {

    /**
     * The image that a caller names.
     *
     * @param platform empty for the image that runs best on this host
     * @throws NotFoundException when there is none
     */
    Image resolve(String nameOrId, Optional<Platform> platform);

    /** As above, for this host. */
    default Image resolve(String nameOrId) {
        return resolve(nameOrId, Optional.empty());
    }
}

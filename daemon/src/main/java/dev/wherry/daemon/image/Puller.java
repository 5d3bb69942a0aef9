package dev.wherry.daemon.image;

import jakarta.inject.Singleton;
import java.util.Optional;

/** Fetches images of registries into the store. */
@Singleton
public final class Puller {
    Puller() {}

    public PullResult pull(Reference reference, Optional<Platform> platform, PullProgress progress) {
        throw new UnsupportedOperationException();
    }
}

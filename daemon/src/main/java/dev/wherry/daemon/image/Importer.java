package dev.wherry.daemon.image;

import jakarta.inject.Singleton;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes an image of one layer from a tar stream. */
@Singleton
public final class Importer {
    Importer() {}

    public Image importImage(
            InputStream stream,
            Optional<Reference> reference,
            UnaryOperator<ImageConfig> changes,
            String message,
            Platform platform) {
        throw new UnsupportedOperationException();
    }
}

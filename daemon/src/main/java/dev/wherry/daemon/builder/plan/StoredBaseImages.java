package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Base images for a plan that is not built: those in the store, and an empty image instead of any other. */
public final class StoredBaseImages implements BaseImageSource {

    private final Function<Reference, Optional<Image>> images;

    /** @param images those in the store */
    public StoredBaseImages(Function<Reference, Optional<Image>> images) {
        this.images = images;
    }

    @Override
    public Resolved resolve(String name, Platform platform, Step step) {
        return images.apply(Reference.parse(name))
                .map(image -> new Resolved(image, false, true))
                .orElseGet(() -> standIn(platform));
    }

    @Override
    public Resolved layout(Path directory, String selector, Platform platform) {
        return standIn(platform);
    }

    private static Resolved standIn(Platform platform) {
        Digest none = Digest.sha256("");
        ImageConfig config = new ImageConfig(
                null,
                null,
                platform.architecture(),
                platform.variant(),
                platform.os(),
                null,
                ImageConfig.Execution.EMPTY,
                new ImageConfig.Rootfs("layers", List.of()),
                List.of());
        return new Resolved(new Image(none, none, config, Optional.empty(), 0), false, false);
    }
}

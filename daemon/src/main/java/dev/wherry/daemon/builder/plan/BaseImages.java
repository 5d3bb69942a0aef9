package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.LayerTransfers;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.pull.LayoutImages;
import dev.wherry.daemon.image.pull.Puller;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.Snapshotter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the images that stages begin from. The local store comes first; a registry is asked only when the image is not
 * there, is for another platform, or the build wants the newest.
 */
public final class BaseImages implements BaseImageSource {

    private final ImageStore images;
    private final Puller puller;
    private final LayoutImages layouts;
    private final Snapshotter snapshotter;
    private final Lease lease;
    private final boolean pull;
    private final Function<Reference, RegistryLogins> logins;
    private final BuildProgress progress;
    private final Caller caller = Caller.current();

    /**
     * For the build of the caller of this thread, who may have to keep to some repositories.
     *
     * @param logins asked for those at an image's registry before it is pulled
     */
    public BaseImages(
            ImageStore images,
            Puller puller,
            LayoutImages layouts,
            Snapshotter snapshotter,
            Lease lease,
            boolean pull,
            Function<Reference, RegistryLogins> logins,
            BuildProgress progress) {
        this.images = images;
        this.puller = puller;
        this.layouts = layouts;
        this.snapshotter = snapshotter;
        this.lease = lease;
        this.pull = pull;
        this.logins = logins;
        this.progress = progress;
    }

    @Override
    public Resolved resolve(String name, Platform platform, Step step) {
        Reference reference = Reference.parse(name);
        if (!pull) {
            Optional<Image> local = images.find(reference, platform);
            if (local.isPresent() && hold(local.get())) {
                return new Resolved(local.get(), false, true);
            }
        }
        return new Resolved(fetch(reference, platform, step), true, true);
    }

    @Override
    public Resolved layout(Path directory, String selector, Platform platform) {
        return new Resolved(layouts.load(directory, selector, platform, lease), false, true);
    }

    private boolean hold(Image image) {
        return image.snapshot().isEmpty()
                || snapshotter.hold(lease, image.snapshot().get());
    }

    private Image fetch(Reference reference, Platform platform, Step step) {
        // Images of several stages are looked for by threads of the build's own.
        caller.requireSource(reference.name());
        StepProgress handle = progress.step(step);
        return handle.during(() -> {
            Image image = puller.pull(reference, List.of(platform), logins.apply(reference), new LayerTransfers(handle))
                    .image();
            hold(image);
            return image;
        });
    }
}

package dev.wherry.daemon.image.files;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.snapshot.layer.LayerStack;
import dev.wherry.daemon.snapshot.layer.StackedFile;
import dev.wherry.daemon.snapshot.stack.StackChange;
import dev.wherry.daemon.snapshot.stack.StackComparison;
import dev.wherry.daemon.snapshot.stack.StackWeight;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks into images. An image is named as everywhere, or with a number at its end as it was after one of its layers:
 * {@code app@4}. Its layers are held by a lease meanwhile, so that the image may be removed.
 */
@Singleton
public final class ImageFiles {

    private static final Path ROOT = Path.of("/");

    private final ImageStore images;
    private final Snapshotter snapshotter;
    private final Leases leases;

    ImageFiles(ImageStore images, Snapshotter snapshotter, Leases leases) {
        this.images = images;
        this.snapshotter = snapshotter;
        this.leases = leases;
    }

    /** What two images differ in, besides their files. */
    public record Sides(LayeredImage before, LayeredImage after, int sharedLayers, List<ConfigChange> config) {}

    /** The weight of an image. */
    public record Weighed(LayeredImage image, StackWeight weight) {}

    /**
     * Lists what is at a path, and below it if the path leads to a folder.
     *
     * @param platform which image of several; empty for the one that runs best on this host
     * @param depth how deep below the path; 0 for any depth
     * @param first receives the image before the files
     * @throws NotFoundException when there is no such image, layer or file
     */
    public void list(
            String name,
            Optional<Platform> platform,
            String path,
            int depth,
            Consumer<LayeredImage> first,
            Consumer<StackedFile> found) {
        reading(name, platform, image -> {
            Path wanted = path(path);
            LayerStack stack = image.stack();
            if (wanted.equals(ROOT) && image.folders().isEmpty()) {
                first.accept(image);
                return null;
            }
            StackedFile file = find(image, stack, wanted, path.endsWith("/"));
            first.accept(image);
            if (!file.isDirectory()) {
                found.accept(file);
            }
            below(stack, file, depth == 0 ? Integer.MAX_VALUE : depth, found);
            return null;
        });
    }

    private static void below(LayerStack stack, StackedFile folder, int depth, Consumer<StackedFile> found)
            throws IOException {
        for (StackedFile child : depth == 0 ? List.<StackedFile>of() : stack.children(folder)) {
            found.accept(child);
            below(stack, child, depth - 1, found);
        }
    }

    /**
     * Writes the content of a file. Links are followed inside the image.
     *
     * @throws NotFoundException when there is no such image, layer or file
     * @throws InvalidInputException when the path leads to something that is no regular file
     */
    public void read(String name, Optional<Platform> platform, String path, OutputStream out) {
        reading(name, platform, image -> {
            StackedFile file = find(image, image.stack(), path(path), true);
            if (!file.status().isRegular()) {
                String what = file.isDirectory() ? "a folder" : "no regular file";
                throw new InvalidInputException(path + " in image " + name + " is " + what);
            }
            try (InputStream content =
                    Files.newInputStream(file.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                content.transferTo(out);
            }
            return null;
        });
    }

    /**
     * Compares two images, or an image with itself below one of its layers. Layers that both begin with are not read.
     *
     * @param before empty for the image that {@code after} names, without the layer that it names
     * @param first receives the images and the changes of the config before the changes of files
     */
    public void compare(
            String before,
            String after,
            Optional<Platform> platform,
            Consumer<Sides> first,
            Consumer<StackChange> found) {
        LayerName second = LayerName.parse(after);
        LayerName one = before.isEmpty() ? second.below() : LayerName.parse(before);
        reading(
                one,
                platform,
                from -> reading(second, platform, to -> {
                    LayeredImage sharing = to.sharing(from);
                    first.accept(new Sides(
                            from,
                            to,
                            from.shared(to),
                            ConfigComparison.of(
                                    from.image().config(), to.image().config())));
                    new StackComparison(from.stack(), sharing.stack(), found).run();
                    return null;
                }));
    }

    /** @param depth how deep the folders lie that are weighed */
    public Weighed weigh(String name, Optional<Platform> platform, int depth) {
        return reading(name, platform, image -> new Weighed(image, StackWeight.of(image.stack(), depth)));
    }

    private interface Work<T> {
        T on(LayeredImage image) throws IOException;
    }

    private <T> T reading(String name, Optional<Platform> platform, Work<T> work) {
        return reading(LayerName.parse(name), platform, work);
    }

    private <T> T reading(LayerName name, Optional<Platform> platform, Work<T> work) {
        try (Lease lease = leases.open()) {
            Image image = images.resolve(name.image(), platform);
            List<Path> folders = image
                    .snapshot()
                    .filter(top -> snapshotter.hold(lease, top))
                    .map(snapshotter::chain)
                    .orElse(List.of())
                    .stream()
                    .map(snapshotter::folder)
                    .toList();
            if (image.snapshot().isPresent() && folders.isEmpty()) {
                throw new NotFoundException("image", name.image());
            }
            int most = name.layer().orElse(folders.size());
            if (most > folders.size()) {
                throw new NotFoundException(
                        "layer",
                        name.image() + "@" + most,
                        "image " + name.image() + " has " + folders.size() + " layers, and no layer " + most);
            }
            return work.on(new LayeredImage(name.toString(), image, folders.subList(0, most)));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot read the files of image " + name.image(), failure);
        }
    }

    private static Path path(String text) {
        try {
            // Not normalized: what ".." means depends on the links before it.
            return ROOT.resolve(text);
        } catch (InvalidPathException failure) {
            throw new InvalidInputException("\"" + text + "\" is no path: " + failure.getReason());
        }
    }

    private static StackedFile find(LayeredImage image, LayerStack stack, Path path, boolean follow)
            throws IOException {
        try {
            return stack.find(path, follow)
                    .orElseThrow(() -> new NotFoundException(
                            "file", path.toString(), "no file " + path + " in image " + image.name()));
        } catch (FileSystemLoopException loop) {
            throw new InvalidInputException("too many symbolic links: " + path + " in image " + image.name());
        }
    }
}

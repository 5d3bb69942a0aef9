package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Images by which containers are found. An image descends from another if it is the same image, or if its layers begin
 * with all layers of the other. A name that no image has any more finds the containers that were created by that name.
 */
public final class Ancestors {

    private final Function<Digest, List<Digest>> layersOf;
    private final Set<Digest> images = new HashSet<>();
    private final Set<List<Digest>> layers = new HashSet<>();
    private final Set<String> absent = new HashSet<>();
    private final Map<Digest, Boolean> known = new HashMap<>();

    /** @param names of images, or their IDs or beginnings of them */
    public Ancestors(ImageStore store, List<String> names) {
        this.layersOf = id -> store.find(id).map(Ancestors::layers).orElse(List.of());
        for (String name : names) {
            try {
                Image image = store.resolve(name);
                images.add(image.id());
                if (!layers(image).isEmpty()) {
                    layers.add(layers(image));
                }
            } catch (NotFoundException | InvalidInputException none) {
                absent.add(name);
            }
        }
    }

    private static List<Digest> layers(Image image) {
        return image.config().rootfs() == null
                ? List.of()
                : image.config().rootfs().diffIds();
    }

    /**
     * Whether a container's image is one of them or descends from one.
     *
     * @param name by which the container was created
     */
    public boolean include(Digest image, String name) {
        return images.contains(image)
                || absent.contains(name)
                || !layers.isEmpty() && known.computeIfAbsent(image, this::descends);
    }

    private boolean descends(Digest image) {
        List<Digest> own = new ArrayList<>(layersOf.apply(image));
        return layers.stream()
                .anyMatch(start -> start.size() <= own.size()
                        && own.subList(0, start.size()).equals(start));
    }
}

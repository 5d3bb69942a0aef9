package dev.wherry.daemon.image.files;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.History;
import dev.wherry.daemon.snapshot.layer.LayerStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of an image up to one of its layers.
 *
 * @param name as the user gave it
 * @param folders of the layers, bottom first
 */
public record LayeredImage(String name, Image image, List<Path> folders) {

    /**
     * A layer of an image.
     *
     * @param number the bottom layer has number 1
     * @param instruction empty if the image does not say
     */
    public record Layer(int number, Digest diffId, String instruction) {}

    public LayeredImage {
        folders = List.copyOf(folders);
    }

    /** The layers, bottom first. */
    public List<Layer> layers() {
        ImageConfig config = image.config();
        List<Digest> diffIds = config.diffIds();
        List<String> instructions = Optional.ofNullable(config.history()).orElse(List.of()).stream()
                .filter(step -> !Boolean.TRUE.equals(step.emptyLayer()))
                .map(History::createdBy)
                .toList();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < Math.min(folders.size(), diffIds.size()); i++) {
            String instruction = i < instructions.size() && instructions.get(i) != null ? instructions.get(i) : "";
            layers.add(new Layer(i + 1, diffIds.get(i), instruction));
        }
        return layers;
    }

    LayerStack stack() {
        return new LayerStack(folders.reversed());
    }

    /**
     * How many layers two images begin with that have the same files: the layers up to there have the same chain ID.
     */
    int shared(LayeredImage other) {
        List<Layer> own = layers();
        List<Layer> others = other.layers();
        int shared = 0;
        while (shared < Math.min(own.size(), others.size())
                && own.get(shared).diffId().equals(others.get(shared).diffId())) {
            shared++;
        }
        return shared;
    }

    /** The same image, with its lowest layers read from the folders that another image has of them. */
    LayeredImage sharing(LayeredImage other) {
        int shared = shared(other);
        List<Path> replaced = new ArrayList<>(other.folders.subList(0, shared));
        replaced.addAll(folders.subList(shared, folders.size()));
        return new LayeredImage(name, image, replaced);
    }
}

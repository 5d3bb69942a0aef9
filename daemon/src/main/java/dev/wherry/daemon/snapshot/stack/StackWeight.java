package dev.wherry.daemon.snapshot.stack;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.layer.LayerStack;
import dev.wherry.daemon.snapshot.layer.OpaqueMark;
import dev.wherry.daemon.snapshot.layer.StackedFile;
import dev.wherry.daemon.snapshot.layer.StackedFile.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weighs a stack: how much each layer stores, how much each folder shows, and which stored files no longer show, because
 * a later layer wrote them again or removed them. A file with several names in one layer is stored once, and is waste only
 * when none of its names shows.
 */
public final class StackWeight {

    private static final Path ROOT = Path.of("");

    private final int depth;
    private final LayerTotal[] layers;
    private final List<FolderTotal> folders = new ArrayList<>();
    private final Map<Path, Wasted> wasted = new HashMap<>();
    private final Map<String, Linked> linked = new HashMap<>();

    /** What a layer stores, and how much of it no longer shows. */
    public record LayerTotal(int layer, long bytes, long files, long wastedBytes) {

        private LayerTotal plus(long size, long wastedSize) {
            return new LayerTotal(layer, bytes + size, files + 1, wastedBytes + wastedSize);
        }
    }

    /**
     * What a folder shows, all folders in it included.
     *
     * @param path from the root of the stack
     */
    public record FolderTotal(Path path, long bytes, long files) {}

    /**
     * A path at which layers store what no longer shows.
     *
     * @param path from the root of the stack
     * @param copies how many layers store it in vain
     * @param bytes what these copies take
     * @param removed true if the path shows nothing at all, false if a later file has its place
     * @param writer the lowest layer that stores it
     * @param hider the layer that hid the uppermost of the copies
     */
    public record Wasted(Path path, int copies, long bytes, boolean removed, int writer, int hider) {}

    /** The names of one file in one layer. */
    private static final class Linked {
        private final int layer;
        private final long size;
        private Optional<Hidden> hidden = Optional.empty();
        private boolean shown;

        Linked(int layer, long size) {
            this.layer = layer;
            this.size = size;
        }
    }

    private record Hidden(Path path, boolean removed, int hider) {}

    /** A folder of a layer, and the layer that hides it; 0 if it shows. */
    private record Place(Part part, int hider) {}

    private StackWeight(int layers, int depth) {
        this.depth = depth;
        this.layers = new LayerTotal[layers];
        for (int i = 0; i < layers; i++) {
            this.layers[i] = new LayerTotal(i + 1, 0, 0, 0);
        }
    }

    /** @param depth how deep the folders lie that are weighed; those in the root have depth 1 */
    public static StackWeight of(LayerStack stack, int depth) throws IOException {
        StackWeight weight = new StackWeight(stack.topFirst().size(), depth);
        Optional<StackedFile> root = stack.root();
        if (root.isPresent()) {
            weight.folder(
                    ROOT,
                    root.get().parts().stream().map(part -> new Place(part, 0)).toList(),
                    0);
            weight.linked.values().forEach(weight::add);
        }
        return weight;
    }

    /** The layers, bottom first. */
    public List<LayerTotal> layers() {
        return List.of(layers);
    }

    /** The folders, each before those in it. */
    public List<FolderTotal> folders() {
        return folders.stream().sorted(Comparator.comparing(FolderTotal::path)).toList();
    }

    /** What is stored in vain, the largest first. */
    public List<Wasted> wasted() {
        return wasted.values().stream()
                .sorted(Comparator.comparingLong(Wasted::bytes).reversed().thenComparing(Wasted::path))
                .toList();
    }

    /** What a folder shows. */
    private record Shown(long bytes, long files) {

        private static final Shown NOTHING = new Shown(0, 0);

        Shown plus(Shown other) {
            return new Shown(bytes + other.bytes, files + other.files);
        }
    }

    private Shown folder(Path path, List<Place> topFirst, int at) throws IOException {
        Shown shown = Shown.NOTHING;
        for (Path name : LayerStack.names(topFirst.stream().map(Place::part).toList())) {
            shown = shown.plus(name(path.resolve(name), name, topFirst, at));
        }
        boolean shows = topFirst.stream().anyMatch(place -> place.hider() == 0);
        if (at > 0 && at <= depth && shows) {
            folders.add(new FolderTotal(path, shown.bytes(), shown.files()));
        }
        return shown;
    }

    /** A file that one layer stores under a name, and the layer that hides it; 0 if the file shows. */
    private record Stored(int layer, FileStatus status, int hider) {}

    /** Looks at one name in all layers, from the top down: each finds out whether a layer above hides it. */
    private Shown name(Path path, Path name, List<Place> topFirst, int at) throws IOException {
        List<Stored> files = new ArrayList<>();
        List<Place> folders = new ArrayList<>();
        int covered = 0;
        int folderAbove = 0;
        for (Place place : topFirst) {
            Path file = place.part().folder().resolve(name);
            Optional<FileStatus> found = Inodes.find(file);
            if (found.isEmpty()) {
                continue;
            }
            FileStatus status = found.get();
            int layer = place.part().layer();
            int hider = nearest(covered, place.hider());
            boolean covers = !status.isDirectory() || OpaqueMark.is(file);
            if (status.isDirectory()) {
                folders.add(new Place(new Part(layer, file), hider));
                folderAbove = layer;
            } else if (!status.isWhiteout()) {
                // A folder above takes the place of a file, whatever the folder lets through.
                files.add(new Stored(layer, status, nearest(hider, folderAbove)));
            }
            covered = covers ? layer : covered;
        }
        boolean shows = files.stream().anyMatch(file -> file.hider() == 0)
                || folders.stream().anyMatch(folder -> folder.hider() == 0);
        Shown shown = Shown.NOTHING;
        for (Stored file : files) {
            shown = shown.plus(file(path, file.layer(), file.status(), file.hider(), !shows));
        }
        return folders.isEmpty() ? shown : shown.plus(folder(path, folders, at + 1));
    }

    /** The lower of two layers that hide something; 0 stands for none. */
    private static int nearest(int one, int other) {
        return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
    }

    private Shown file(Path path, int layer, FileStatus status, int hider, boolean removed) {
        if (!status.isRegular()) {
            return hider == 0 ? new Shown(0, 1) : Shown.NOTHING;
        }
        Hidden hidden = new Hidden(path, removed, hider);
        if (status.links() > 1) {
            Linked file = linked.computeIfAbsent(
                    layer + ":" + status.device() + ":" + status.inode(), _ -> new Linked(layer, status.size()));
            boolean first = !file.shown && hider == 0;
            file.shown |= hider == 0;
            file.hidden = hider == 0 || file.hidden.isPresent() ? file.hidden : Optional.of(hidden);
            return hider == 0 ? new Shown(first ? status.size() : 0, 1) : Shown.NOTHING;
        }
        add(layer, status.size(), hider == 0 ? Optional.empty() : Optional.of(hidden));
        return hider == 0 ? new Shown(status.size(), 1) : Shown.NOTHING;
    }

    private void add(Linked file) {
        add(file.layer, file.size, file.shown ? Optional.empty() : file.hidden);
    }

    private void add(int layer, long size, Optional<Hidden> hidden) {
        layers[layer - 1] = layers[layer - 1].plus(size, hidden.isPresent() ? size : 0);
        hidden.filter(_ -> size > 0)
                .ifPresent(where -> wasted.merge(
                        where.path(),
                        new Wasted(where.path(), 1, size, where.removed(), layer, where.hider()),
                        StackWeight::merged));
    }

    private static Wasted merged(Wasted one, Wasted other) {
        return new Wasted(
                one.path(),
                one.copies() + other.copies(),
                one.bytes() + other.bytes(),
                one.removed(),
                Math.min(one.writer(), other.writer()),
                Math.max(one.hider(), other.hider()));
    }
}

package dev.wherry.daemon.snapshot.stack;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.snapshot.layer.LayerStack;
import dev.wherry.daemon.snapshot.layer.OpaqueMark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders of layers, written by hand as overlayfs has them. */
final class Layers {

    private final Path folder;
    private int next;

    Layers(Path folder) {
        this.folder = folder;
    }

    /** One layer. */
    record Layer(Path fs) {

        Layer file(String path, String text) throws IOException {
            Path file = fs.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        }

        Layer link(String path, String target) throws IOException {
            Files.createDirectories(fs.resolve(path).getParent());
            Inodes.symlink(target.getBytes(StandardCharsets.UTF_8), fs.resolve(path));
            return this;
        }

        Layer hardLink(String path, String existing) throws IOException {
            Files.createLink(fs.resolve(path), fs.resolve(existing));
            return this;
        }

        Layer mode(String path, int permissions) throws IOException {
            Inodes.chmod(fs.resolve(path), permissions);
            return this;
        }

        Layer owner(String path, int uid, int gid) throws IOException {
            Inodes.lchown(fs.resolve(path), uid, gid);
            return this;
        }

        Layer whiteout(String path) throws IOException {
            Files.createDirectories(fs.resolve(path).getParent());
            Inodes.mknod(fs.resolve(path), FileStatus.CHARACTER, 0);
            return this;
        }

        Layer opaque(String path) throws IOException {
            Files.createDirectories(fs.resolve(path));
            OpaqueMark.make(fs.resolve(path));
            return this;
        }
    }

    Layer layer() throws IOException {
        return new Layer(Files.createDirectory(folder.resolve("layer" + ++next)));
    }

    /** @param bottomFirst the layers */
    static LayerStack stack(Layer... bottomFirst) {
        List<Path> topFirst = new ArrayList<>();
        for (Layer layer : bottomFirst) {
            topFirst.addFirst(layer.fs());
        }
        return new LayerStack(topFirst);
    }
}

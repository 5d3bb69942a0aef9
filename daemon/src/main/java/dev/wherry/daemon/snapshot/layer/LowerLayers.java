package dev.wherry.daemon.snapshot.layer;

import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks into the layers below one that is being made, as overlayfs would. */
public record LowerLayers(List<Path> topFirst) {

    public boolean isEmpty() {
        return topFirst.isEmpty();
    }

    /** The uppermost file at this relative path, if the layers together show one. */
    public Optional<Path> find(Path relative) throws IOException {
        for (Path layer : topFirst) {
            Path at = layer;
            boolean hidesBelow = false;
            FileStatus status = null;
            for (Path name : relative) {
                at = at.resolve(name);
                status = Inodes.find(at).orElse(null);
                if (status == null) {
                    break;
                }
                if (!status.isDirectory()) {
                    boolean found = at.getNameCount() == layer.getNameCount() + relative.getNameCount();
                    return found && !status.isWhiteout() ? Optional.of(at) : Optional.empty();
                }
                hidesBelow |= OpaqueMark.is(at);
            }
            if (status != null) {
                return Optional.of(at);
            }
            if (hidesBelow) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}

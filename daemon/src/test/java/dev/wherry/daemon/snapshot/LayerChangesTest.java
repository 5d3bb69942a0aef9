package dev.wherry.daemon.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.linux.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a snapshot changed in the layers below it, written through a mount as a container does. */
class LayerChangesTest {

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = new Store();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private List<String> changes(SnapshotId parent, Store.Writer writer) throws IOException {
        SnapshotId active = store.snapshotter.prepare(store.lease, Optional.of(parent));
        Path target = store.target();
        store.snapshotter.mount(active, target);
        try {
            writer.in(target);
        } finally {
            store.snapshotter.unmount(target);
        }
        return new LiveLayers(store.snapshotter)
                .changes(active, Set.of()).stream()
                        .map(change -> change.kind().name().charAt(0) + " " + change.path())
                        .toList();
    }

    @Test
    void folderMadeAgainDeletesWhatItHides() throws IOException {
        SnapshotId below = store.layer(null, root -> {
            Files.createDirectories(root.resolve("d/sub"));
            Files.writeString(root.resolve("d/gone"), "1");
            Files.writeString(root.resolve("d/kept"), "1");
            Files.writeString(root.resolve("d/sub/inner"), "1");
        });
        SnapshotId more = store.layer(below, root -> {
            Files.writeString(root.resolve("d/later"), "1");
            Files.delete(root.resolve("d/gone"));
        });

        List<String> changes = changes(more, root -> {
            FileTrees.remove(root.resolve("d"));
            Files.createDirectory(root.resolve("d"));
            Files.writeString(root.resolve("d/kept"), "2");
            Files.writeString(root.resolve("d/new"), "2");
        });

        assertThat(changes).containsExactly("M /d", "M /d/kept", "D /d/later", "A /d/new", "D /d/sub");
    }

    @Test
    void folderInPlaceOfAFileHidesNothing() throws IOException {
        SnapshotId below = store.layer(null, root -> Files.writeString(root.resolve("f"), "1"));

        List<String> changes = changes(below, root -> {
            Files.delete(root.resolve("f"));
            Files.createDirectory(root.resolve("f"));
            Files.writeString(root.resolve("f/new"), "2");
        });

        assertThat(changes).containsExactly("M /f", "A /f/new");
    }

    @Test
    void comparisonEndsWithItsCall() throws IOException {
        SnapshotId below = store.layer(null, root -> Files.writeString(root.resolve("f"), "1"));
        SnapshotId active = store.snapshotter.prepare(store.lease, Optional.of(below));
        LiveLayers layers = new LiveLayers(store.snapshotter);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> layers.changes(active, Set.of())).isInstanceOf(CancelledException.class);
        } finally {
            Thread.interrupted();
        }
    }
}

package dev.wherry.daemon.snapshot.stack;

import static dev.wherry.daemon.snapshot.stack.Layers.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.snapshot.stack.Layers.Layer;
import dev.wherry.daemon.snapshot.stack.StackWeight.LayerTotal;
import dev.wherry.daemon.snapshot.stack.StackWeight.Wasted;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackWeightTest {

    @TempDir
    Path folder;

    private Layers layers;

    @BeforeEach
    void layers() {
        layers = new Layers(folder);
    }

    @Test
    void whatALaterLayerReplacesOrRemovesIsWaste() throws IOException {
        Layer one =
                layers.layer().file("a/twice", "12345").file("a/gone", "123").file("kept", "1");
        Layer two = layers.layer().file("a/twice", "1234567").whiteout("a/gone");

        StackWeight weight = StackWeight.of(stack(one, two), 1);

        assertThat(weight.layers()).containsExactly(new LayerTotal(1, 9, 3, 8), new LayerTotal(2, 7, 1, 0));
        assertThat(weight.wasted())
                .containsExactly(
                        new Wasted(Path.of("a/twice"), 1, 5, false, 1, 2),
                        new Wasted(Path.of("a/gone"), 1, 3, true, 1, 2));
        assertThat(weight.folders()).containsExactly(new StackWeight.FolderTotal(Path.of("a"), 7, 1));
    }

    @Test
    void everyCopyButTheLastIsWaste() throws IOException {
        Layer one = layers.layer().file("f", "1");
        Layer two = layers.layer().file("f", "12");
        Layer three = layers.layer().whiteout("f");
        Layer four = layers.layer().file("f", "1234");

        assertThat(StackWeight.of(stack(one, two, three, four), 1).wasted())
                .containsExactly(new Wasted(Path.of("f"), 2, 3, false, 1, 3));
    }

    @Test
    void removedFoldersWasteAllThatIsInThem() throws IOException {
        Layer one = layers.layer().file("a/b/c", "123").file("d/e", "12");
        Layer two = layers.layer().whiteout("a").opaque("d").file("d/f", "1");

        StackWeight weight = StackWeight.of(stack(one, two), 2);

        assertThat(weight.wasted())
                .containsExactly(
                        new Wasted(Path.of("a/b/c"), 1, 3, true, 1, 2), new Wasted(Path.of("d/e"), 1, 2, true, 1, 2));
        assertThat(weight.folders()).containsExactly(new StackWeight.FolderTotal(Path.of("d"), 1, 1));
    }

    @Test
    void aFileWithTwoNamesIsStoredOnceAndWastedWithItsLastName() throws IOException {
        Layer one = layers.layer().file("a", "1234").hardLink("b", "a");
        Layer two = layers.layer().whiteout("a");
        Layer three = layers.layer().whiteout("b");

        assertThat(StackWeight.of(stack(one, two), 1).layers().getFirst()).isEqualTo(new LayerTotal(1, 4, 1, 0));
        assertThat(StackWeight.of(stack(one, two, three), 1).layers().getFirst())
                .isEqualTo(new LayerTotal(1, 4, 1, 4));
    }
}

package dev.wherry.daemon.snapshot.stack;

import static dev.wherry.daemon.snapshot.stack.Layers.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.snapshot.layer.LayerStack;
import dev.wherry.daemon.snapshot.stack.Layers.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackComparisonTest {

    @TempDir
    Path folder;

    private Layers layers;

    @BeforeEach
    void layers() {
        layers = new Layers(folder);
    }

    /** Each difference as a line: what happened, in which layer, to which path, and in what. */
    private static List<String> differences(LayerStack before, LayerStack after) throws IOException {
        List<String> found = new ArrayList<>();
        new StackComparison(before, after, change -> {
                    String sign =
                            change.before().isEmpty() ? "+" : change.after().isEmpty() ? "-" : "~";
                    found.add(sign + change.layer() + " " + change.path()
                            + (change.aspects().isEmpty() ? "" : " " + change.aspects()));
                })
                .run();
        return found;
    }

    @Test
    void filesAreAddedChangedAndRemoved() throws IOException {
        Layer base =
                layers.layer().file("etc/kept", "k").file("etc/changed", "old").file("etc/removed", "r");
        Layer one = layers.layer().file("etc/changed", "new").whiteout("etc/removed");
        Layer two = layers.layer().file("app/main", "m");

        assertThat(differences(stack(base), stack(base, one, two)))
                .containsExactly("+3 app", "+3 app/main", "~2 etc/changed [CONTENT]", "-2 etc/removed");
    }

    @Test
    void aRemovedFolderIsReportedWithAllThatWasInIt() throws IOException {
        Layer base = layers.layer().file("a/b/c", "1").file("a/d", "2");
        Layer top = layers.layer().whiteout("a");

        assertThat(differences(stack(base), stack(base, top))).containsExactly("-2 a", "-2 a/b", "-2 a/b/c", "-2 a/d");
    }

    @Test
    void anOpaqueFolderHidesWhatIsBelow() throws IOException {
        Layer base = layers.layer().file("a/old", "1").file("a/same", "2");
        Layer top = layers.layer().opaque("a").file("a/same", "2").file("a/new", "3");

        assertThat(differences(stack(base), stack(base, top))).containsExactly("+2 a/new", "-2 a/old");
    }

    @Test
    void modesOwnersTargetsAndTypesCountButTimesDoNot() throws IOException {
        Layer one = layers.layer()
                .file("mode", "x")
                .file("owner", "x")
                .file("time", "x")
                .link("link", "a")
                .file("type/inner", "x");
        Layer other = layers.layer()
                .file("mode", "x")
                .mode("mode", 0755)
                .file("owner", "x")
                .owner("owner", 1000, 7)
                .file("time", "x")
                .link("link", "b")
                .file("type", "x");
        Files.setLastModifiedTime(other.fs().resolve("time"), FileTime.fromMillis(1000));

        assertThat(differences(stack(one), stack(other)))
                .containsExactly(
                        "~1 link [TARGET]",
                        "~1 mode [MODE]",
                        "~1 owner [OWNER]",
                        "~1 type [TYPE, MODE]",
                        "-1 type/inner");
    }

    @Test
    void whatNoLayerOfTheSecondStackEverHadIsMissingWithoutALayer() throws IOException {
        Layer base = layers.layer().file("kept", "k");
        Layer one = layers.layer().file("only/one", "1");
        Layer other = layers.layer().file("other", "2");

        assertThat(differences(stack(base, one), stack(base, other)))
                .containsExactly("-0 only", "-0 only/one", "+2 other");
    }

    /** A folder that cannot be listed proves that nobody lists it. */
    @Test
    void layersThatBothStacksBeginWithAreNotRead() throws IOException {
        Layer base = layers.layer().file("big/file", "b");
        Layer same = layers.layer().file("etc/hosts", "h");
        Layer one = layers.layer().file("etc/one", "1");
        Layer other = layers.layer().file("etc/other", "2");
        List<String> listed = differences(stack(base, same, one), stack(base, same, other));
        // The names of the shared layers are gone, so listing one of them would fail.
        Files.move(base.fs().resolve("big"), folder.resolve("moved"));
        Files.createFile(base.fs().resolve("big"));

        assertThat(differences(stack(base, same, one), stack(base, same, other)))
                .isEqualTo(listed);
        assertThat(listed).containsExactly("-0 etc/one", "+3 etc/other");
    }

    @Test
    void anEmptyStackHasNoFiles() throws IOException {
        Layer base = layers.layer().file("a", "1");

        assertThat(differences(new LayerStack(List.of()), stack(base))).containsExactly("+1 a");
        assertThat(differences(stack(base), new LayerStack(List.of()))).containsExactly("-0 a");
    }
}

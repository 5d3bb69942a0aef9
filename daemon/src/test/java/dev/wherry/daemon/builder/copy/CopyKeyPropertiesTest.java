package dev.wherry.daemon.builder.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.cache.CacheKey;
import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Inputs;
import dev.wherry.daemon.builder.context.ContentDigests;
import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.Selection;
import dev.wherry.daemon.builder.context.SourceRules;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Two copies have the same cache key exactly when they take the same files and do the same with them. */
class CopyKeyPropertiesTest {

    private static final Digest PARENT = Digest.sha256("parent");

    /** A file of a context; a link has a target only, and so has a second name. */
    record Item(char type, int mode, String content, String xattr) {}

    /** What a COPY does: the files of its context by their names, and its flags. */
    record Given(Map<String, Item> files, String owner, String mode, List<InlineFile> documents) {}

    @Provide
    Arbitrary<Given> given() {
        Arbitrary<Item> files = Combinators.combine(
                        Arbitraries.of(0644, 0755, 04755),
                        Arbitraries.of("", "x", "y", "xy"),
                        Arbitraries.of("", "1", "2"))
                .as((mode, content, xattr) -> new Item('f', mode, content, xattr));
        Arbitrary<Item> links = Arbitraries.of("x", "y").map(target -> new Item('l', 0, target, ""));
        Arbitrary<Map<String, Item>> trees = Arbitraries.maps(
                        Arbitraries.of("a", "b", "d/a", "d/b"), Arbitraries.oneOf(files, files, links))
                .ofMinSize(1)
                .ofMaxSize(2);
        return Combinators.combine(
                        trees,
                        Arbitraries.of("", "5", "5:6"),
                        Arbitraries.of("", "700", "u+x"),
                        Arbitraries.of("", "t", "u"))
                .as((tree, owner, mode, text) -> new Given(
                        new TreeMap<>(tree),
                        owner,
                        mode,
                        text.isEmpty() ? List.of() : List.of(new InlineFile("n", text))));
    }

    /** Pairs that differ in one thing at most, which is where a key could miss something. */
    @Provide
    Arbitrary<Tuple2<Given, Given>> neighbours() {
        return Combinators.combine(given(), given(), Arbitraries.integers().between(0, 4))
                .as((one, other, what) -> Tuple.of(
                        one,
                        switch (what) {
                            case 0 -> one;
                            case 1 -> new Given(other.files(), one.owner(), one.mode(), one.documents());
                            case 2 -> new Given(one.files(), other.owner(), one.mode(), one.documents());
                            case 3 -> new Given(one.files(), one.owner(), other.mode(), one.documents());
                            default -> new Given(one.files(), one.owner(), one.mode(), other.documents());
                        }));
    }

    @Property(tries = 300)
    void keysAreEqualExactlyWhenInputsAre(@ForAll("neighbours") Tuple2<Given, Given> pair) throws IOException {
        assertThat(key(pair.get1(), 1_000).equals(key(pair.get2(), 2_000)))
                .isEqualTo(pair.get1().equals(pair.get2()));
    }

    private static CacheKey key(Given given, long time) throws IOException {
        Path root = Files.createTempDirectory("copy-key");
        try {
            make(given.files(), root.resolve("s"), time);
            CopyRules rules = new CopyRules(
                    Optional.of(given.owner()).filter(owner -> !owner.isEmpty()),
                    Optional.of(given.mode()).filter(mode -> !mode.isEmpty()).map(ModeChange::parse),
                    List.of(),
                    false,
                    false,
                    false);
            CopySpec copy =
                    new CopySpec(new CopySpec.Origin.Context(), List.of("s"), given.documents(), "/d", rules, false);
            Selection selection =
                    new FileTree(root, IgnorePatterns.none(), "it").select(copy.sources(), SourceRules.DEFAULT);
            Digest content = new ContentDigests().of(selection, false);
            return new Inputs(copy.inputs(copy.sources()))
                    .with(List.of(Input.of(Input.Kind.FILES, content.toString())))
                    .key(PARENT);
        } finally {
            FileTrees.remove(root);
        }
    }

    private static void make(Map<String, Item> files, Path root, long time) throws IOException {
        Files.createDirectories(root);
        for (Map.Entry<String, Item> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Item item = file.getValue();
            if (item.type() == 'l') {
                Files.createSymbolicLink(path, Path.of(item.content()));
            } else {
                Files.writeString(path, item.content());
                Inodes.chmod(path, item.mode());
                if (!item.xattr().isEmpty()) {
                    Inodes.setXattr(path, "user.note", item.xattr().getBytes());
                }
            }
            Inodes.utimensat(path, time, 0);
        }
    }

    @Property(tries = 50)
    void ownersCountWhereTheyAreKept(@ForAll int uid, @ForAll boolean kept) throws IOException {
        Path root = Files.createTempDirectory("copy-key");
        try {
            make(Map.of("a", new Item('f', 0644, "x", "")), root.resolve("s"), 1);
            Digest before = owned(root, kept);
            Inodes.lchown(root.resolve("s/a"), uid & 0xffff, 3);
            assertThat(owned(root, kept).equals(before)).isEqualTo(!kept);
        } finally {
            FileTrees.remove(root);
        }
    }

    private static Digest owned(Path root, boolean kept) {
        Selection selection = FileTree.ofImage(root, "it").select(List.of("s"), SourceRules.DEFAULT);
        return new ContentDigests().of(selection, kept);
    }

    @Property(tries = 20)
    void namesOfOneFileAreNotTwoFiles(@ForAll boolean linked) throws IOException {
        Path root = Files.createTempDirectory("copy-key");
        try {
            Item item = new Item('f', 0644, "x", "");
            make(Map.of("a", item, "b", item), root.resolve("s"), 1);
            Digest two = owned(root, false);
            if (linked) {
                Files.delete(root.resolve("s/b"));
                Files.createLink(root.resolve("s/b"), root.resolve("s/a"));
            }
            assertThat(owned(root, false).equals(two)).isEqualTo(!linked);
        } finally {
            FileTrees.remove(root);
        }
    }
}

package dev.wherry.daemon.builder.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {

    @TempDir
    Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        for (String file : List.of("a.txt", "b.txt", "src/main.js", "src/lib/x.js", "src/lib/y.md", "secret/key")) {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
    }

    private List<String> select(String ignore, String... sources) {
        return select(ignore, SourceRules.DEFAULT, sources);
    }

    private List<String> excluding(String pattern, String... sources) {
        return select("", new SourceRules(IgnorePatterns.of(List.of(pattern)), false), sources);
    }

    private List<String> withParents(String... sources) {
        return select("", new SourceRules(IgnorePatterns.none(), true), sources);
    }

    private List<String> select(String ignore, SourceRules rules, String... sources) {
        List<String> targets = new ArrayList<>();
        new FileTree(root, IgnorePatterns.parse(ignore.getBytes(UTF_8)), "the context")
                .select(List.of(sources), rules)
                .sources()
                .forEach(source -> {
                    if (!source.isDirectory()) {
                        targets.add(source.top().target().toString());
                    }
                    source.contents().forEach(file -> targets.add(file.target().toString()));
                });
        return targets;
    }

    @Test
    void aDirectoryStandsForItsContents() {
        assertThat(select("", "src")).containsExactly("lib", "lib/x.js", "lib/y.md", "main.js");
    }

    @Test
    void theRootIsWholeAndInOrder() {
        assertThat(select("", "."))
                .containsExactly(
                        "a.txt",
                        "b.txt",
                        "secret",
                        "secret/key",
                        "src",
                        "src/lib",
                        "src/lib/x.js",
                        "src/lib/y.md",
                        "src/main.js");
    }

    @Test
    void wildcardsMatchWithinOneDirectory() {
        assertThat(select("", "*.txt")).containsExactly("a.txt", "b.txt");
        assertThat(select("", "src/*/*.js")).containsExactly("x.js");
    }

    @Test
    void ignoredFilesDoNotExist() {
        assertThat(select("secret\n**/*.md", "."))
                .containsExactly("a.txt", "b.txt", "src", "src/lib", "src/lib/x.js", "src/main.js");
        assertThatThrownBy(() -> select("secret", "secret/key"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("\"secret/key\" is not in the context: .dockerignore leaves it out");
    }

    @Test
    void anExceptionBringsBackAFileAndTheDirectoriesAboveIt() {
        assertThat(select("*\n!src/lib/x.js", ".")).containsExactly("src", "src/lib", "src/lib/x.js");
    }

    @Test
    void anExceptionThatNamesNothingBringsBackNoDirectory() {
        assertThatThrownBy(() -> select("**\n!src/none", "src"))
                .hasMessage("\"src\" is not in the context: .dockerignore leaves it out");
        assertThat(select("**\n!src/none", "sr*")).isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> select("", "nope.txt"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("\"nope.txt\" is not in the context");
        assertThat(select("", "*.nope")).isEmpty();
        assertThatThrownBy(() -> select("", "a.txt/below")).hasMessage("\"a.txt/below\" is not in the context");
    }

    @Test
    void dotsLeadNoHigherThanTheRoot() {
        assertThatThrownBy(() -> select("", "../etc/passwd"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("\"../etc/passwd\" is not in the context");
        assertThat(select("", "src/../a.txt")).containsExactly("a.txt");
        assertThat(select("", "../../a.txt")).containsExactly("a.txt");
    }

    @Test
    void whatIsExcludedIsSeenFromTheSource() {
        assertThat(excluding("lib/*.js", "src")).containsExactly("lib", "lib/y.md", "main.js");
        assertThat(excluding("src/lib", "src")).contains("lib");
        assertThat(excluding("**/*.js", ".")).doesNotContain("src/main.js").contains("src/lib/y.md");
        assertThat(excluding("b*", "*.txt", "b.txt")).containsExactly("a.txt");
    }

    @Test
    void parentsAreKeptFromTheRootOrThePivot() {
        assertThat(withParents("src/lib/x.js", "./a.txt")).containsExactly("src", "src/lib", "src/lib/x.js", "a.txt");
        assertThat(withParents("src/./lib/x.js")).containsExactly("lib", "lib/x.js");
        assertThat(withParents("src/lib")).containsExactly("src", "src/lib", "src/lib/x.js", "src/lib/y.md");
        assertThat(withParents("./src/./")).containsExactly("lib", "lib/x.js", "lib/y.md", "main.js");
        assertThat(withParents("**/*.md", "s*t/key"))
                .containsExactly("src", "src/lib", "src/lib/y.md", "secret", "secret/key");
        assertThat(withParents("no*/key")).isEmpty();
        assertThatThrownBy(() -> withParents("src/nope")).hasMessage("\"src/nope\" is not in the context");
    }

    @Test
    void nothingOutsideIsReachedByLinks() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../etc"));
        assertThatThrownBy(() -> select("", "out")).hasMessage("\"out\" is not in the context");
        assertThatThrownBy(() -> select("", "up/passwd")).hasMessage("\"up/passwd\" is not in the context");
    }

    @Test
    void aLinkNamedAsASourceIsFollowedInsideAndKeptElsewhere() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), Path.of("/a.txt"));
        Selection named = new FileTree(root, IgnorePatterns.none(), "x").select(List.of("link"), SourceRules.DEFAULT);
        assertThat(named.sources().getFirst().top().status().isRegular()).isTrue();
        assertThat(named.sources().getFirst().top().target()).hasToString("link");
        Selection whole = new FileTree(root, IgnorePatterns.none(), "x").select(List.of("."), SourceRules.DEFAULT);
        assertThat(whole.sources().getFirst().contents())
                .filteredOn(file -> file.target().toString().equals("link"))
                .allMatch(file -> file.status().isSymlink());
    }
}

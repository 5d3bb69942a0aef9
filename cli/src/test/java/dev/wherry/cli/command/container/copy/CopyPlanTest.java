package dev.wherry.cli.command.container.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.command.container.copy.CopyPlan.Destination;
import dev.wherry.cli.command.container.copy.CopyPlan.Source;
import org.junit.jupiter.api.Test;

class CopyPlanTest {

    private static final Source FILE = new Source("f", false);
    private static final Source FOLDER = new Source("d", true);
    private static final Source CONTENTS = new Source(".", true);

    private static Destination at(String path, String kind) {
        return new Destination(new CopyPath(path), !kind.equals("missing"), kind.equals("folder"));
    }

    @Test
    void intoAFolderTheNameStays() {
        assertThat(CopyPlan.of(FILE, "", at("/x", "folder"))).isEqualTo(new CopyPlan("/x", "f", "f"));
        assertThat(CopyPlan.of(FOLDER, "", at("/x", "folder"))).isEqualTo(new CopyPlan("/x", "d", "d"));
        assertThat(CopyPlan.of(CONTENTS, "", at("/x", "folder"))).isEqualTo(new CopyPlan("/x", ".", "."));
    }

    @Test
    void whatIsMissingGetsItsName() {
        assertThat(CopyPlan.of(FILE, "", at("/x/y", "missing"))).isEqualTo(new CopyPlan("/x", "f", "y"));
        assertThat(CopyPlan.of(FOLDER, "", at("/x/y/", "missing"))).isEqualTo(new CopyPlan("/x", "d", "y"));
        assertThat(CopyPlan.of(CONTENTS, "", at("/y", "missing"))).isEqualTo(new CopyPlan("/", ".", "y"));
    }

    @Test
    void aFileTakesTheNameOfTheFileThatItReplaces() {
        assertThat(CopyPlan.of(FILE, "", at("/x/y", "file"))).isEqualTo(new CopyPlan("/x", "f", "y"));
    }

    @Test
    void aFolderCannotReplaceAFile() {
        assertThatThrownBy(() -> CopyPlan.of(FOLDER, "", at("/x", "file"))).hasMessage("cannot copy directory");
    }

    @Test
    void aFileIsNotMadeAFolder() {
        assertThatThrownBy(() -> CopyPlan.of(FILE, "", at("/x/", "missing"))).hasMessage("no such directory");
    }

    @Test
    void whatALinkLeadsToKeepsTheNameOfTheLink() {
        assertThat(CopyPlan.of(FILE, "link", at("/x", "folder"))).isEqualTo(new CopyPlan("/x", "f", "link"));
    }

    @Test
    void aPathSaysByItsEndWhatItMeans() {
        assertThat(new CopyPath("/a/b/").base()).isEqualTo("b");
        assertThat(new CopyPath("/a/b/").folder()).isEqualTo("/a");
        assertThat(new CopyPath("/a/b/.").base()).isEqualTo(".");
        assertThat(new CopyPath("/a/b/.").folder()).isEqualTo("/a/b");
        assertThat(new CopyPath("/").base()).isEqualTo("/");
        assertThat(new CopyPath("a").folder()).isEqualTo(".");
        assertThat(CopyPath.local("/a/../b/.").text()).isEqualTo("/b/.");
        assertThat(new CopyPath("/a/l").linked("../x").text()).isEqualTo("/a/../x");
    }
}

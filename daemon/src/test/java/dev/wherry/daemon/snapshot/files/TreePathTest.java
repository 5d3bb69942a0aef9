package dev.wherry.daemon.snapshot.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What paths name, and how what is copied from them is called. */
class TreePathTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            /,         /,    true,  /
            .,         /,    true,  .
            /.,        /,    true,  .
            ./,        /,    true,  .
            /./,       /,    true,  .
            /a/..,     /,    true,  /
            /a,        /a,   false, a
            a/,        /a,   true,  a
            a/.,       /a,   true,  .
            a/./,      /a,   true,  a
            a/../b,    /b,   false, b
            """)
    void pathSaysWhatItIsAndWhatItIsCalled(String text, String absolute, boolean folder, String name) {
        TreePath path = TreePath.parse(text);
        assertThat(path.absolute()).hasToString(absolute);
        assertThat(path.folder()).isEqualTo(folder);
        assertThat(path.name()).isEqualTo(name);
    }
}

package dev.wherry.cli.command.image.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContentDifferenceTest {
    private static String unified(String one, String other) {
        List<String> lines = ContentDifference.unified(
                "a", ContentDifference.lines(one.getBytes(UTF_8)), "b", ContentDifference.lines(other.getBytes(UTF_8)));
        return String.join("\n", lines) + "\n";
    }

    @Test
    void changedLinesStandBetweenThreeThatAreTheSame() {
        assertThat(unified("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"))
                .isEqualTo("""
                --- a
                +++ b
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8
                """);
    }

    @Test
    void aMissingNewlineAtTheEndIsADifference() {
        assertThat(unified("1\n", "1")).isEqualTo("""
                --- a
                +++ b
                @@ -1,1 +1,1 @@
                -1
                +1
                \\ No newline at end of file
                """);
    }
}

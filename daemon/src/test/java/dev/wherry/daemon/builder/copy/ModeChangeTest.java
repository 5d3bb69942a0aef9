package dev.wherry.daemon.builder.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.linux.Inodes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --chmod} does to the mode of a file, with chmod(1) as the judge. */
class ModeChangeTest {

    private static final int[] MODES = {0, 0644, 0755, 0600, 0711, 0474, 0777};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "755",
                "0644",
                "04755",
                "u=rwX,go=rX",
                "a+x",
                "+x",
                "+w",
                "=rw",
                "=",
                "go=",
                "g=u",
                "o=g-w",
                "ug+s",
                "u=rwxs,g=",
                "+t",
                "a-rwx,u+r",
                "u-x+X",
                "a=rX",
                "g+u",
                "o-u",
                "u=g,g=o"
            })
    void doesWhatChmodDoes(String change) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path directory = Files.createDirectory(folder.resolve("directory"));
        for (int mode : MODES) {
            Inodes.chmod(file, mode);
            Inodes.chmod(directory, mode);
            Process chmod = new ProcessBuilder(
                            "sh", "-c", "umask 0; chmod -- \"$@\"", "sh", change, file.toString(), directory.toString())
                    .inheritIO()
                    .start();
            assertThat(chmod.waitFor()).isZero();
            ModeChange parsed = ModeChange.parse(change);
            assertThat(parsed.apply(mode, false))
                    .as("%s of a file of %o", change, mode)
                    .isEqualTo(Inodes.status(file).permissions());
            assertThat(parsed.apply(mode, true))
                    .as("%s of a directory of %o", change, mode)
                    .isEqualTo(Inodes.status(directory).permissions());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "77777", "u", "u=q", "rwx", "u=r,", ",u=r", "x+w", "u=r go=r", "999999999999"})
    void refusesWhatChmodRefuses(String change) {
        assertThatThrownBy(() -> ModeChange.parse(change)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersOfOneValueAreTheSame() {
        assertThat(ModeChange.parse("0755")).isEqualTo(ModeChange.parse("755"));
    }
}

package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ResidencyTest {

    @Test
    void pagesOfTheExecutableAreLetGo() throws IOException {
        assertThat(residentReadOnlyKibibytes()).isPositive();

        Residency.release();

        assertThat(residentReadOnlyKibibytes()).isZero();
    }

    /** Of the executable's constants that are as in the file: nothing looks at them while its libraries do the work. */
    private static long residentReadOnlyKibibytes() throws IOException {
        String executable = Files.readSymbolicLink(Path.of("/proc/self/exe")).toString();
        long sum = 0;
        long resident = 0;
        boolean counts = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                counts = line.contains(" r--p ") && line.endsWith(executable);
            } else if (counts && line.startsWith("Rss:")) {
                resident = Long.parseLong(line.replaceAll("\\D", ""));
            } else if (counts && line.matches("Anonymous: +0 kB")) {
                sum += resident;
            }
        }
        return sum;
    }
}

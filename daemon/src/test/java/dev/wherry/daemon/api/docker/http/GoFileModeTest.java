package dev.wherry.daemon.api.docker.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modes of files in the bits of Go. */
class GoFileModeTest {

    @ParameterizedTest
    @CsvSource({
        "0100644, 420",
        "0040755, 2147484141",
        "0041777, 2148532735",
        "0120777, 134218239",
        "0104755, 8389101",
        "0102755, 4194797",
        "0010600, 33554816",
        "0140600, 16777600",
        "0020600, 69206400",
        "0060600, 67109248"
    })
    void kindsAndSpecialBitsMove(String octal, long go) {
        assertThat(GoFileMode.of(Integer.parseInt(octal, 8))).isEqualTo(go);
        assertThat(GoFileMode.toKernel((int) go)).isEqualTo(Integer.parseInt(octal, 8));
    }
}

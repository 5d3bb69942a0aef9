package dev.wherry.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0 bytes",
        "1023, 1023, 1023 bytes",
        "1k, 1024, 1KiB",
        "500MiB, 524288000, 500MiB",
        "1536MB, 1610612736, 1.5GiB",
        "4g, 4294967296, 4GiB",
        "2048TiB, 2251799813685248, 2048TiB"
    })
    void unitsArePowersOf1024(String text, long bytes, String shown) {
        assertThat(SizeText.parse(text)).hasValue(bytes);
        assertThat(SizeText.text(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5g", "g", "1e3", "9999999999"})
    void otherTextIsNoSize(String text) {
        assertThat(SizeText.parse(text)).isEmpty();
    }
}

package dev.wherry.daemon.builder.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteAmountTest {

    @ParameterizedTest
    @CsvSource({"10GB, 10000000000", "512MiB, 536870912", "1.5 kb, 1500", "77, 77", "10%, 100", "100%, 1000"})
    void isBytesOrAPartOfTheDisk(String text, long bytes) {
        assertThat(ByteAmount.parse(text).orElseThrow().of(1000)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "101%", "1.5%", "10XB", "1ib", "99999999999GB"})
    void nothingElseIs(String text) {
        assertThat(ByteAmount.parse(text)).isEmpty();
    }
}

package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "linux/amd64,       linux/amd64",
        "Linux/x86_64,      linux/amd64",
        "linux/amd64/v1,    linux/amd64",
        "linux/amd64/v3,    linux/amd64/v3",
        "linux/aarch64,     linux/arm64",
        "linux/arm64/v8,    linux/arm64",
        "linux/arm,         linux/arm/v7",
        "linux/armhf,       linux/arm/v7",
        "linux/armel,       linux/arm/v6",
        "linux/arm/6,       linux/arm/v6",
        "linux/riscv64,     linux/riscv64",
    })
    void spellingsOfAPlatformAreOne(String text, String normal) {
        assertThat(Platform.parse(text)).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "linux", "linux/", "/amd64", "linux/amd64/v1/x", "linux/am d64"})
    void whatIsNoPlatformIsRefused(String text) {
        assertThatThrownBy(() -> Platform.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("invalid platform");
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64,    linux/arm64 linux/amd64 linux/386,          linux/amd64",
        "linux/amd64,    linux/amd64/v3 linux/386,                   linux/386",
        "linux/amd64,    linux/amd64/v2 windows/amd64,               ''",
        "linux/amd64/v3, linux/amd64 linux/amd64/v2 linux/amd64/v4,  linux/amd64/v2",
        "linux/arm/v7,   linux/arm/v5 linux/arm/v6,                  linux/arm/v6",
        "linux/arm/v6,   linux/arm/v7 linux/arm/v5,                  linux/arm/v5",
        "linux/arm64,    linux/arm/v7 linux/arm64/v8,                linux/arm64",
        "linux/arm64,    linux/amd64 linux/arm/v7,                   linux/arm/v7",
        "linux/s390x,    linux/amd64,                                ''",
    })
    void bestIsWhatRunsAndIsNearest(String wanted, String offers, String best) {
        List<Platform> all =
                Arrays.stream(offers.split(" ")).map(Platform::parse).toList();
        String chosen = Platform.parse(wanted)
                .best(all, Function.identity())
                .map(Platform::toString)
                .orElse("");
        assertThat(chosen).isEqualTo(best);
    }

    @Test
    void firstOfEqualOffersIsChosen() {
        record Offer(Platform platform, int number) {}
        List<Offer> offers =
                List.of(new Offer(Platform.parse("linux/amd64"), 1), new Offer(Platform.parse("linux/amd64"), 2));
        assertThat(Platform.parse("linux/amd64").best(offers, Offer::platform).orElseThrow().number)
                .isEqualTo(1);
    }

    @Test
    void hostIsKnown() {
        assertThat(Platform.host().os()).isEqualTo("linux");
        assertThat(Platform.host().architecture()).isNotEmpty().isNotEqualTo("x86_64");
    }
}

package dev.wherry.daemon.api.docker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.wherry.daemon.error.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies as programs in several languages send them, and as nobody should. */
class JsonBodyTest {

    @Test
    void missingNullAndEmptyAreTheSame() {
        for (String text : List.of("", "  ", "null", "{}", "{\"A\":null}")) {
            JsonBody body = JsonBody.parse(text);
            assertThat(body.text("A")).isEmpty();
            assertThat(body.flag("A")).isFalse();
            assertThat(body.number("A")).isZero();
            assertThat(body.texts("A")).isEmpty();
            assertThat(body.map("A")).isEmpty();
            assertThat(body.objects("A")).isEmpty();
            assertThat(body.object("A").text("B")).isEmpty();
            assertThat(body.has("A")).isFalse();
        }
    }

    @Test
    void namesAreFoundInAnyCaseAndUnknownOnesAreIgnored() {
        JsonBody body = JsonBody.parse("{\"image\":\"busybox\",\"x\":[[1]],\"Cmd\":\"true\",\"Env\":[\"A=1\"]}");
        assertThat(body.text("Image")).isEqualTo("busybox");
        assertThat(body.texts("Cmd")).containsExactly("true");
        assertThat(body.texts("Env")).containsExactly("A=1");
    }

    @Test
    void ofNamesThatDifferInCaseTheLastHolds() {
        assertThat(JsonBody.parse("{\"NanoCpus\":1,\"NanoCPUs\":2}").number("NanoCpus"))
                .isEqualTo(2);
        assertThat(JsonBody.parse("{\"NanoCPUs\":2,\"NanoCpus\":1,\"nanocpus\":null}")
                        .number("NanoCpus"))
                .isEqualTo(1);
    }

    @Test
    void mapsTakeNumbersForTheirTexts() {
        assertThat(JsonBody.parse("{\"Labels\":{\"a\":1,\"b\":true,\"c\":null,\"d\":\"x\"}}")
                        .map("Labels"))
                .isEqualTo(Map.of("a", "1", "b", "true", "c", "", "d", "x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"HostConfig\":{\"Memory\":\"1g\"}} | HostConfig.Memory must be a whole number, not string",
                "{\"HostConfig\":{\"Memory\":1.5}} | HostConfig.Memory must be a whole number, not number",
                "{\"HostConfig\":{\"Memory\":1e30}} | HostConfig.Memory must be a whole number, not number",
                "{\"HostConfig\":7} | HostConfig must be an object, not number",
                "[] | the body must be an object, not array",
            })
    void wrongTypesAreSaidWithTheirPlace(String text, String problem) {
        assertThatThrownBy(() -> JsonBody.parse(text).object("HostConfig").number("Memory"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("invalid JSON: " + problem);
    }

    @Test
    void itemsOfListsAreSaidWithTheirPlace() {
        assertThatThrownBy(() -> JsonBody.parse("{\"Env\":[\"A=1\",2]}").texts("Env"))
                .hasMessage("invalid JSON: Env[1] must be a string, not number");
        assertThatThrownBy(() -> JsonBody.parse("{\"M\":[{\"T\":{}}]}")
                        .objects("M")
                        .getFirst()
                        .text("T"))
                .hasMessage("invalid JSON: M[0].T must be a string, not object");
    }

    @Test
    void fieldsOfABodyWithManyAreFoundWithoutLookingThroughAll() {
        JsonBody many = JsonBody.parse(IntStream.range(0, 150_000)
                .mapToObj(i -> "\"field" + i + "\":1")
                .collect(Collectors.joining(",", "{", ",\"MEMORY\":7}")));
        assertTimeout(Duration.ofSeconds(30), () -> {
            for (int i = 0; i < 100_000; i++) {
                assertThat(many.number("Memory")).isEqualTo(7);
            }
        });
    }

    @Test
    void messagesAreOfTheTextAlone() {
        assertThatThrownBy(() -> JsonBody.parse("{} {}")).hasMessage("unexpected content after JSON");
        assertThatThrownBy(() -> JsonBody.parse("{\"A\":NaN}")).hasMessage("invalid JSON: Non-standard token 'NaN'");
        assertThatThrownBy(() -> JsonBody.parse("{\"A\":" + "9".repeat(5000) + "}"))
                .hasMessage("invalid JSON: Number value length (5000) exceeds the maximum allowed (1000)");
    }

    @Test
    void malformedAndBottomlessTextsAreRefused() {
        assertThatThrownBy(() -> JsonBody.parse("{\"A\":")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> JsonBody.parse("{\"A\":" + "[".repeat(100_000)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("invalid JSON: ");
    }
}

package dev.wherry.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {

    @Test
    void nameAloneRemovesAVariable() {
        Map<String, String> variables = new LinkedHashMap<>(Map.of("FOO", "image", "BAR", "image"));

        Variables.apply("FOO", variables);
        Variables.apply("NONE", variables);
        Variables.apply("BAR=", variables);

        assertThat(variables).containsOnly(Map.entry("BAR", ""));
    }
}

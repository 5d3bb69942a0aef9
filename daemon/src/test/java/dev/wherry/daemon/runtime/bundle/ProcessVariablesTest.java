package dev.wherry.daemon.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessVariablesTest {

    @Test
    void nameAloneRemovesAVariable() {
        Map<String, String> variables = new LinkedHashMap<>(Map.of("FOO", "image", "BAR", "image"));

        ProcessVariables.apply("FOO", variables);
        ProcessVariables.apply("NONE", variables);
        ProcessVariables.apply("BAR=", variables);

        assertThat(variables).containsOnly(Map.entry("BAR", ""));
    }
}

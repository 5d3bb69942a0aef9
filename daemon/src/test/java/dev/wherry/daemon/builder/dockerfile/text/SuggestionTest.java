package dev.wherry.daemon.builder.dockerfile.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {

    @Test
    void namesTheNearestWordIgnoringCase() {
        assertThat(Suggestion.nearest("fron", List.of("RUN", "FROM"))).contains("FROM");
        assertThat(Suggestion.nearest("WROKDIR", List.of("WORKDIR", "LABEL"))).contains("WORKDIR");
        assertThat(Suggestion.nearest("biulder", List.of("builder", "build"))).contains("builder");
    }

    @Test
    void staysSilentWhenNothingIsNear() {
        assertThat(Suggestion.nearest("XYZ", List.of("RUN", "FROM"))).isEmpty();
        assertThat(Suggestion.nearest("", List.of("RUN"))).isEmpty();
        assertThat(Suggestion.nearest("a".repeat(100_000), List.of("RUN"))).isEmpty();
    }
}

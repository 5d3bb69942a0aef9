package dev.wherry.daemon.builder.dockerfile.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckOptionsTest {

    @Test
    void rulesAreLeftOutByName() {
        CheckOptions options = CheckOptions.parse(" skip = StageNameCasing , FromAsCasing ; error = true");

        assertThat(options.wants(Rule.STAGE_NAME_CASING)).isFalse();
        assertThat(options.wants(Rule.FROM_AS_CASING)).isFalse();
        assertThat(options.wants(Rule.UNDEFINED_VAR)).isTrue();
        assertThat(options.error()).isTrue();
    }

    @Test
    void experimentalRulesAreOnlyLookedAtWhenAskedFor() {
        assertThat(CheckOptions.DEFAULT.wants(Rule.INVALID_DEFINITION_DESCRIPTION))
                .isFalse();
        assertThat(CheckOptions.parse("experimental=all").wants(Rule.INVALID_DEFINITION_DESCRIPTION))
                .isTrue();
        assertThat(CheckOptions.parse("skip=all;experimental=InvalidDefinitionDescription")
                        .wants(Rule.INVALID_DEFINITION_DESCRIPTION))
                .isTrue();
        assertThat(CheckOptions.parse("skip=all").wants(Rule.UNDEFINED_VAR)).isFalse();
    }

    @Test
    void whatIsNoOptionIsRefused() {
        assertThatThrownBy(() -> CheckOptions.parse("skip=all;warn=true")).hasMessageContaining("\"warn\"");
        assertThatThrownBy(() -> CheckOptions.parse("error=maybe")).hasMessageContaining("error=maybe");
    }

    @Test
    void aCommentConfiguresTheChecksOfTheInstructionBelowIt() {
        assertThat(rules(
                        "FROM known AS A",
                        "# check=skip=StageNameCasing since it is known by that name",
                        "FROM known AS B"))
                .containsExactly("1 StageNameCasing");
        assertThat(rules("# check=skip=all here", "FROM known AS A")).isEmpty();
        assertThat(rules("FROM known", "# check=experimental=InvalidDefinitionDescription", "# other", "ARG X"))
                .containsExactly("4 InvalidDefinitionDescription");
    }

    private static List<String> rules(String... lines) {
        Dockerfile dockerfile = Dockerfile.parse("f", ("#\n" + String.join("\n", lines)).getBytes(UTF_8));
        return Checks.of(dockerfile, CheckOptions.DEFAULT, CheckContexts.of(dockerfile, IgnorePatterns.none())).stream()
                .map(finding ->
                        finding.position().line() - 1 + " " + finding.rule().title())
                .toList();
    }
}

package dev.wherry.cli.view.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final String CONTAINER = """
            {"Id": "3f2a", "Name": "/web",
             "State": {"Running": true, "Pid": 4711, "Error": "", "Health": null},
             "Config": {"Env": ["PATH=/bin", "A=1"], "Cmd": [], "Labels": {"team": "web", "a.b": "dotted"}},
             "Sizes": {"z": 1, "a": 2}, "Load": 0.5, "Html": "<b>&"}
            """;

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(
            resources = "/template/golden.csv",
            delimiter = '~',
            quoteCharacter = '\0',
            ignoreLeadingAndTrailingWhitespace = false)
    void givesWhatGoGives(String template, String expected) {
        String text = Template.parse(template).apply(JsonValues.parse(CONTAINER));

        assertThat(text.replace("\n", "\\n")).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "{{.Id~template: unclosed action",
                "{{if .Id}}x~template: unexpected end: {{end}} is missing",
                "{{nope .Id}}~template: function \"nope\" not defined",
                "{{.Nope}}~template: map has no entry for key \"Nope\"",
                "{{.State.Health.Status}}~template: nil pointer evaluating .Status",
                "{{.Id.Foo}}~template: can't evaluate field Foo in 3f2a",
                "{{index .Config.Env 9}}~template: index out of range: 9",
                "{{$x}}~template: undefined variable \"$x\"",
                "{{\"open}}~template: unterminated quoted string",
                "{{end}}~template: unexpected {{end}}",
                "{{.Id .Name}}~template: can't give argument to non-function .Id",
                "{{len}}~template: wrong number of args for len: want 1 got 0",
                "{{upper 3}}~template: upper: 3 is not a string",
                "{{break}}~template: break or continue outside of range",
                "{{}}~template: missing value for command",
                "{{/* open~template: unclosed comment",
            })
    void saysWhatIsWrong(String template, String message) {
        assertThatThrownBy(() -> Template.parse(template).apply(JsonValues.parse(CONTAINER)))
                .isInstanceOf(TemplateException.class)
                .hasMessage(message);
    }

    @Test
    void refusesBottomlessNesting() {
        assertThatThrownBy(() -> Template.parse("{{" + "(".repeat(100_000) + "}}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void jsonIsIndentedByFourAndKeepsOrderAndNumbers() {
        Object value = JsonValues.parse("{\"b\":[1,2.50,12345678901234567890],\"a\":{},\"c\":[]}");

        assertThat(JsonValues.indented(java.util.List.of(value))).isEqualTo("""
                        [
                            {
                                "b": [
                                    1,
                                    2.50,
                                    12345678901234567890
                                ],
                                "a": {},
                                "c": []
                            }
                        ]""");
    }
}

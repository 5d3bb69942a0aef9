package dev.wherry.daemon.builder.dockerfile.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a Dockerfile says, its checks end with findings that lie within it. */
class ChecksPropertiesTest {

    private static final CheckOptions ALL = CheckOptions.parse("experimental=all");

    @Property
    void findingsLieWithinTheFile(@ForAll("lines") List<String> lines) {
        String text = "FROM known AS First\n" + String.join("\n", lines);
        Dockerfile dockerfile;
        try {
            dockerfile = Dockerfile.parse("f", text.getBytes(UTF_8));
        } catch (DockerfileException noDockerfile) {
            return;
        }
        IgnorePatterns ignored = IgnorePatterns.parse("b*\n".getBytes(UTF_8));

        List<Finding> findings = Checks.of(dockerfile, ALL, CheckContexts.of(dockerfile, ignored));

        int last = text.split("\n", -1).length;
        assertThat(findings).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.position().line()).isBetween(1, last);
            assertThat(finding.position().endLine())
                    .isBetween(finding.position().line(), last);
        });
        assertThat(findings)
                .isSortedAccordingTo(
                        (a, b) -> a.position().line() - b.position().line());
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> keyword = Arbitraries.of(
                "FROM",
                "from",
                "ARG",
                "ENV",
                "Env",
                "COPY",
                "ADD",
                "WORKDIR",
                "EXPOSE",
                "CMD",
                "ENTRYPOINT",
                "SHELL",
                "LABEL",
                "USER",
                "VOLUME",
                "#",
                "# check=skip=",
                "",
                "\\");
        Arbitrary<String> argument = Arbitraries.of(
                        "a",
                        "b",
                        "=",
                        "$",
                        "${",
                        "}",
                        "A",
                        "AS",
                        "First",
                        "--platform=",
                        "linux/amd64",
                        "/",
                        "..",
                        "[\"a\"]",
                        "'",
                        "\"",
                        ":",
                        "80",
                        "-",
                        "KEY",
                        "\\",
                        "é",
                        "\uD83D\uDE00",
                        " ")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
        return Combinators.combine(keyword, argument.list().ofMaxSize(3))
                .as((word, arguments) -> word + " " + String.join(" ", arguments))
                .list()
                .ofMaxSize(8);
    }
}

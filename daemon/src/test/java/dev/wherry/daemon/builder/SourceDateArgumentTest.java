package dev.wherry.daemon.builder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.export.OutputOptions;
import dev.wherry.daemon.builder.plan.SourceDate;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which time a build bears. */
class SourceDateArgumentTest {

    private static final Optional<Instant> COMMITTED = Optional.of(Instant.ofEpochSecond(1_600_000_000));
    private static final NamedContexts NAMED = name -> switch (name) {
        case "web" ->
            Optional.of(new NamedContexts.Source.Directory(new BuildContext(
                    Path.of("/"), "", BuildContext.Origin.FETCHED, Optional.of(Instant.ofEpochSecond(7)))));
        case "here" -> Optional.of(new NamedContexts.Source.Directory(BuildContext.shared(Path.of("/"))));
        default -> Optional.empty();
    };

    private static BuildOptions resolve(SourceDate asked, String declaration, String given) {
        Dockerfile dockerfile = Dockerfile.parse(
                "Dockerfile",
                (declaration
                                + "\nFROM scratch\nFROM scratch AS src\nARG V=1\nADD https://h/$V.tar /\nFROM scratch AS other\nADD f /\n")
                        .getBytes(UTF_8));
        BuildOptions options = new BuildOptions(
                "Dockerfile",
                Optional.empty(),
                Optional.empty(),
                given == null ? Map.of() : Map.of(SourceDate.ARGUMENT, given),
                List.of(),
                CacheOptions.DEFAULT,
                RunOptions.DEFAULT,
                OutputOptions.DEFAULT.withDate(asked),
                ExplainOptions.DEFAULT);
        return new SourceDateArgument(dockerfile, options)
                .resolve(COMMITTED, NAMED, (address, _) -> Optional.of(Instant.ofEpochSecond(address.length())));
    }

    private static String date(String declaration, String given) {
        BuildOptions resolved = resolve(SourceDate.NONE, declaration, given);
        String argument = resolved.buildArgs().getOrDefault(SourceDate.ARGUMENT, "none");
        assertThat(resolved.output()
                        .date()
                        .epoch()
                        .map(time -> "" + time.getEpochSecond())
                        .orElse("none"))
                .isEqualTo(argument);
        return argument;
    }

    @Test
    void theClientsValueGoesBeforeTheDefault() {
        assertThat(date("ARG SOURCE_DATE_EPOCH=5", null)).isEqualTo("5");
        assertThat(date("ARG SOURCE_DATE_EPOCH=5", "6")).isEqualTo("6");
        assertThat(date("ARG SOURCE_DATE_EPOCH=5", "")).isEqualTo("none");
        assertThat(date("ARG N=8 SOURCE_DATE_EPOCH=$N", null)).isEqualTo("8");
        assertThat(date("ARG SOURCE_DATE_EPOCH", null)).isEqualTo("none");
        assertThat(date("", "9")).isEqualTo("9");
    }

    @Test
    void contextsGiveTheTimeTheyHave() {
        assertThat(date("ARG SOURCE_DATE_EPOCH=context", null)).isEqualTo("1600000000");
        assertThat(date("", "context")).isEqualTo("1600000000");
        assertThat(date("", "web")).isEqualTo("7");
        assertThat(date("", "here")).isEqualTo("none");
        assertThat(date("ARG SOURCE_DATE_EPOCH=src", null)).isEqualTo("" + "https://h/1.tar".length());
    }

    @Test
    void anythingElseIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> date("ARG A\nARG SOURCE_DATE_EPOCH=nonsense", null))
                .isInstanceOf(DockerfileException.class)
                .hasMessageStartingWith("Dockerfile:2:5: invalid SOURCE_DATE_EPOCH \"nonsense\"");
        assertThatThrownBy(() -> date("ARG SOURCE_DATE_EPOCH=5", "yesterday"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("invalid SOURCE_DATE_EPOCH \"yesterday\"");
        assertThatThrownBy(() -> date("", "other"))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("must be FROM scratch with one ADD");
        assertThatThrownBy(() -> date("", "-1")).hasMessageStartingWith("invalid SOURCE_DATE_EPOCH");
        assertThatThrownBy(() -> date("", "253402300800")).hasMessageStartingWith("invalid SOURCE_DATE_EPOCH");
    }

    @Test
    void aDateThatIsNeededIsAFixedOneOrMissed() {
        assertThat(resolve(SourceDate.asked(true, true), "", null).buildArgs()).containsValue("315532800");
        assertThat(resolve(SourceDate.asked(true, true), "ARG SOURCE_DATE_EPOCH=5", null)
                        .buildArgs())
                .containsValue("5");
        assertThatThrownBy(() -> resolve(SourceDate.asked(true, false), "", null))
                .hasMessageContaining("needs a date");
    }
}

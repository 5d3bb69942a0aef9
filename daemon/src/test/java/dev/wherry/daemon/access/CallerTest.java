package dev.wherry.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.ForbiddenException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

    private static final Caller OPERATOR =
            new Caller("user 1000", "operator", false, List.of(Path.of("/srv/data")), List.of(), List.of(), false);
    private static final Caller BUILDER = new Caller(
            "certificate CN=ci",
            "builder",
            false,
            List.of(),
            List.of("example.com/team", "example.com/x/"),
            List.of(),
            false);

    @Test
    void workOfNobodyElseIsTheDaemons() {
        assertThat(Caller.current()).isEqualTo(Caller.DAEMON);
    }

    @Test
    void workKnowsItsCaller() {
        AtomicReference<Caller> found = new AtomicReference<>();

        OPERATOR.run(() -> found.set(Caller.current()));

        assertThat(found.get()).isEqualTo(OPERATOR);
        assertThat(Caller.current()).isEqualTo(Caller.DAEMON);
    }

    @Test
    void whoDoesNotOwnTheHostIsRefusedWhatNeedsIt() {
        assertThatCode(() -> Caller.DAEMON.requireHost("a privileged container"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> OPERATOR.requireHost("a privileged container"))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage(
                        "permission denied: user 1000 has the role operator, and a privileged container needs the role"
                                + " admin")
                .extracting("lacking")
                .isEqualTo("admin");
    }

    @Test
    void listedPathsAndWhatIsBelowAreMounted() {
        assertThat(OPERATOR.hostFolder(Path.of("/srv/data"))).hasValue(Path.of("/srv/data"));
        assertThat(OPERATOR.hostFolder(Path.of("/srv/data/below"))).hasValue(Path.of("/srv/data"));
        assertThat(OPERATOR.hostFolder(Path.of("/srv"))).isEmpty();
        assertThat(OPERATOR.hostFolder(Path.of("/srv/database"))).isEmpty();
        assertThat(BUILDER.hostFolder(Path.of("/srv/data"))).isEmpty();
    }

    @Test
    void outermostOfListedPathsCounts() {
        Caller caller = Callers.operator(Path.of("/srv/data/deep"), Path.of("/srv"), Path.of("/srv/data"));

        assertThat(caller.hostFolder(Path.of("/srv/data/deep"))).hasValue(Path.of("/srv"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com/team", "example.com/team/app", "example.com/x/app"})
    void repositoryBelowAPrefixIsTheBuilders(String repository) {
        assertThatCode(() -> BUILDER.requireRepository(repository)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com/teammate", "example.com/x", "docker.io/library/app", "example.com/other/team"})
    void otherRepositoryIsNot(String repository) {
        assertThatThrownBy(() -> BUILDER.requireRepository(repository))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage("permission denied: certificate CN=ci has the role builder, which may not write to "
                        + repository + ", only to example.com/team, example.com/x/");
    }

    @Test
    void pullsAreFromListedSourcesAndFromWhatTheCallerWrites() {
        Caller caller = new Caller(
                "user 1000",
                "builder",
                false,
                List.of(),
                List.of("example.com/team"),
                List.of("docker.io/library"),
                false);

        assertThatCode(() -> caller.requireSource("docker.io/library/alpine")).doesNotThrowAnyException();
        assertThatCode(() -> caller.requireSource("example.com/team/app")).doesNotThrowAnyException();
        assertThatCode(() -> BUILDER.requireSource("docker.io/any")).doesNotThrowAnyException();
        assertThatThrownBy(() -> caller.requireSource("docker.io/other/app"))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage("permission denied: user 1000 has the role builder, which may not pull from"
                        + " docker.io/other/app, only from docker.io/library, example.com/team")
                .extracting("lacking")
                .isEqualTo("builder-sources");
    }

    @Test
    void withoutPrefixesAllRepositoriesAreTheCallers() {
        assertThatCode(() -> OPERATOR.requireRepository("docker.io/library/app"))
                .doesNotThrowAnyException();
    }
}

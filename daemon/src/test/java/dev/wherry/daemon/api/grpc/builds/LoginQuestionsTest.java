package dev.wherry.daemon.api.grpc.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.v1.LoginsAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoginQuestionsTest {

    private static final RegistryLogins ANN = new RegistryLogins(Map.of("a", new RegistryLogin("ann", "x", "")));

    private final List<List<String>> asked = new ArrayList<>();
    private LoginQuestions logins;

    /** A client that knows a login at "a", and says more than it is asked. */
    private void client() {
        logins = new LoginQuestions(true, question -> {
            asked.add(List.copyOf(question.getRegistriesList()));
            logins.answered(LoginsAnswer.newBuilder()
                    .addLogins(login("a", "ann"))
                    .addLogins(login("other", "eve"))
                    .build());
        });
    }

    private static dev.wherry.v1.RegistryLogin login(String registry, String user) {
        return dev.wherry.v1.RegistryLogin.newBuilder()
                .setRegistry(registry)
                .setUser(user)
                .setPassword("x")
                .build();
    }

    @Test
    void registryIsAskedAboutOnceAndOthersNot() {
        client();
        assertThat(logins.about(Set.of("a", "b"))).isEqualTo(ANN);
        assertThat(logins.about(Set.of("b"))).isEqualTo(RegistryLogins.NONE);
        assertThat(logins.about(Set.of("c", "a"))).isEqualTo(ANN);
        assertThat(asked).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    void clientWithoutLoginsIsNotAsked() {
        LoginQuestions none = new LoginQuestions(false, _ -> {
            throw new AssertionError("asked");
        });
        assertThat(none.about(Set.of("a"))).isEqualTo(RegistryLogins.NONE);
    }

    @Test
    void clientThatGoesAwayEndsAllQuestions() {
        logins = new LoginQuestions(true, _ -> logins.end());
        assertThatThrownBy(() -> logins.about(Set.of("a"))).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> logins.about(Set.of("a"))).isInstanceOf(CancelledException.class);
    }

    @Test
    void answerThatNobodyWaitsForIsDropped() {
        client();
        logins.answered(LoginsAnswer.newBuilder().addLogins(login("a", "eve")).build());
        assertThat(logins.about(Set.of("a"))).isEqualTo(ANN);
    }
}

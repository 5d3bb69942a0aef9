package dev.wherry.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.access.RoleBinding.Kind;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleBindingTest {

    @ParameterizedTest
    @CsvSource({
        "user:alice=operator, USER, alice, OPERATOR",
        "group:1000=builder, GROUP, 1000, BUILDER",
        "cn:*.ci.example=reader, CN, *.ci.example, READER",
        "cn:a=b=reader, CN, a=b, READER"
    })
    void namesACallerAndARole(String text, Kind kind, String subject, Role role) {
        assertThat(RoleBinding.parse(text)).isEqualTo(new RoleBinding(kind, subject, role));
    }

    @Test
    void loopbackHasNoName() {
        assertThat(RoleBinding.parse("loopback=reader")).isEqualTo(new RoleBinding(Kind.LOOPBACK, "", Role.READER));
    }

    @Test
    void boundsFollowTheRole() {
        assertThat(RoleBinding.parse("group:ci= builder builds=2  memory=8GiB contexts=500m"))
                .isEqualTo(new RoleBinding(
                        Kind.GROUP, "ci", Role.BUILDER, new Quota("group:ci", 2, 8L << 30, 500L << 20)));
        assertThat(RoleBinding.parse("cn:a=b=reader builds=1").quota().owner()).isEqualTo("cn:a=b");
    }

    @Test
    void namespaceAndItsRoomFollowTheRole() {
        RoleBinding binding = RoleBinding.parse("cn:red-*=builder namespace=red builds=2 disk=50GiB");

        assertThat(binding)
                .isEqualTo(new RoleBinding(
                        Kind.CN,
                        "red-*",
                        Role.BUILDER,
                        new Quota("cn:red-*", 2, 0, 0),
                        Optional.of(new NamespaceName("red")),
                        50L << 30));
    }

    private static AccessSettings settings(String namespace, String... bindings) {
        return new AccessSettings(
                Stream.of(bindings).map(RoleBinding::parse).toList(),
                true,
                List.of(),
                List.of(),
                List.of(),
                Optional.of(namespace).filter(name -> !name.isEmpty()).map(NamespaceName::new));
    }

    @Test
    void roomOfANamespaceIsSaidOnce() {
        String[] bindings = {"user:a=admin namespace=red disk=1g", "user:b=reader namespace=red", "user:c=admin"};
        assertThat(settings("red", bindings).disk()).isEqualTo(1L << 30);
        assertThat(settings("blue", bindings).disk()).isZero();
        assertThat(settings("", bindings).disk()).isZero();

        assertThatThrownBy(
                        () -> settings("", "user:a=admin namespace=red disk=1g", "user:b=admin namespace=red disk=2g"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the namespace red has two sizes: give disk=SIZE once");
    }

    @Test
    void quotasAreThoseOfTheSettings() {
        Quotas quotas = new Quotas(AccessSettings.DEFAULT);
        assertThat(quotas.of("group:ci")).isEqualTo(Quota.NONE);

        quotas.use(new AccessSettings(
                List.of(RoleBinding.parse("group:ci=builder builds=2"), RoleBinding.parse("group:ci=reader builds=9")),
                true,
                List.of(),
                List.of(),
                List.of()));

        assertThat(quotas.of("group:ci").builds()).as("the first that matches").isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice=operator | \"alice\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback",
                "user:=operator | \"user:\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback",
                "loopback:x=admin | \"loopback:x\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback",
                "user:alice=admin room=5 | \"room=5\" is not a bound of a role: use builds=N, memory=SIZE, contexts=SIZE, or namespace=NAME with disk=SIZE",
                "user:alice=admin disk=5 | \"disk\" bounds a namespace, and user:alice has none: add namespace=NAME",
                "user:alice=admin disk=0 namespace=a | \"disk=0\" is not a size such as 500MiB or 4GiB",
                "user:alice=admin namespace=../a | \"../a\" is not the name of a namespace: use up to 32 lowercase letters, digits and the characters _ . - and begin with a letter or digit",
                "user:alice=admin namespace= | \"\" is not the name of a namespace: use up to 32 lowercase letters, digits and the characters _ . - and begin with a letter or digit",
                "user:alice=admin builds=0 | \"builds=0\" is not a number from 1 to 10000",
                "user:alice=admin memory=much | \"memory=much\" is not a size such as 500MiB or 4GiB",
                "user:alice=admin memory= | \"memory=\" is not a size such as 500MiB or 4GiB",
                "user:alice=king | \"king\" is not a role: use one of admin, operator, builder, reader",
                "user:alice | \"\" is not a role: use one of admin, operator, builder, reader"
            })
    void malformedBindingIsRefused(String text, String message) {
        assertThatThrownBy(() -> RoleBinding.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }
}

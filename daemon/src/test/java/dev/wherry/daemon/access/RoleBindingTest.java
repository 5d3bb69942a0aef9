package dev.wherry.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.access.RoleBinding.Kind;
import dev.wherry.daemon.error.InvalidInputException;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice=operator | \"alice\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback",
                "user:=operator | \"user:\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback",
                "loopback:x=admin | \"loopback:x\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback",
                "user:alice=king | \"king\" is not a role: use one of admin, operator, builder, reader",
                "user:alice | \"\" is not a role: use one of admin, operator, builder, reader"
            })
    void malformedBindingIsRefused(String text, String message) {
        assertThatThrownBy(() -> RoleBinding.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }
}

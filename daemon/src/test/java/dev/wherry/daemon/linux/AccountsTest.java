package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountsTest {

    @Test
    void userHasANumber() {
        assertThat(Accounts.user("root")).hasValue(0);
        assertThat(Accounts.user("nobody")).hasValue(65534);
    }

    @Test
    void groupHasANumber() {
        assertThat(Accounts.group("root")).hasValue(0);
        assertThat(Accounts.group("tty")).hasValue(5);
    }

    @Test
    void unknownNameHasNone() {
        assertThat(Accounts.user("no-such-user")).isEmpty();
        assertThat(Accounts.group("no-such-group")).isEmpty();
    }
}

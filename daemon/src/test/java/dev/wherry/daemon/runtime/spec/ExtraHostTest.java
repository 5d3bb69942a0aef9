package dev.wherry.daemon.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtraHostTest {

    @Test
    void anAddressMayStandInBrackets() {
        assertThat(ExtraHost.parse("db:10.0.0.7").unresolved()).isEqualTo("10.0.0.7\tdb");
        assertThat(ExtraHost.parse("six:[fd00::1]").unresolved()).isEqualTo("fd00::1\tsix");
    }

    @Test
    void theGatewayIsKnownLater() {
        ExtraHost host = ExtraHost.parse("me:host-gateway");

        assertThat(host.unresolved()).isEqualTo("host-gateway\tme");
        assertThat(host.line(() -> "172.17.0.1")).isEqualTo("172.17.0.1\tme");
    }

    @ParameterizedTest
    @CsvSource({"db, write NAME:ADDRESS", ":10.0.0.7, write NAME:ADDRESS", "a b:10.0.0.7, write NAME", "db:x, no IP"})
    void aMalformedEntryIsRefused(String entry, String problem) {
        assertThatThrownBy(() -> ExtraHost.parse(entry))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(problem);
    }
}

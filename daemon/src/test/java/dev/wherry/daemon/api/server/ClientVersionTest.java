package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientVersionTest {

    @ParameterizedTest
    @CsvSource({
        "1.4.0, 1.4.7",
        "1.4.0, 1.4.0-SNAPSHOT",
        "1.3.9, 1.4.0",
        "1.5.0-rc.1, 1.4.0",
        "0.1.0-SNAPSHOT, 0.2.0",
        "unknown, 1.4.0",
        "99999999.1.0, 1.4.0"
    })
    void oneMinorVersionApartIsFine(String client, String daemon) {
        assertThat(ClientVersion.refusal(client, daemon)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.9, 1.4.0, upgrade wherry",
        "1.6.0-SNAPSHOT, 1.4.0, upgrade wherryd and restart it",
        "2.4.0, 1.4.0, upgrade wherryd and restart it",
        "0.9.0, 1.0.0, upgrade wherry"
    })
    void fartherApartIsRefusedWithBothVersionsAndWhatToDo(String client, String daemon, String remedy) {
        assertThat(ClientVersion.refusal(client, daemon))
                .get()
                .extracting(Throwable::getMessage)
                .isEqualTo("wherry " + client + " and wherryd " + daemon
                        + " are too far apart to understand each other: " + remedy);
    }

    @Test
    void versionOfTheBuildIsOne() {
        assertThat(ClientVersion.parse(Version.NUMBER)).isPresent();
    }
}

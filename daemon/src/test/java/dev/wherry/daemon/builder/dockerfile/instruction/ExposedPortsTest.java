package dev.wherry.daemon.builder.dockerfile.instruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposedPortsTest {

    private static final Position HERE = new Position("Dockerfile", 4, 8, 4);

    @Test
    void aPortIsTcpUnlessItSaysOtherwise() {
        assertThat(ExposedPorts.parse("80", HERE)).containsExactly("80/tcp");
        assertThat(ExposedPorts.parse("53/UDP", HERE)).containsExactly("53/udp");
    }

    @Test
    void aRangeIsEachOfItsPorts() {
        assertThat(ExposedPorts.parse("8000-8002/tcp", HERE)).containsExactly("8000/tcp", "8001/tcp", "8002/tcp");
    }

    @Test
    void whatPublishesAPortExposesTheContainersSide() {
        assertThat(ExposedPorts.parse("127.0.0.1:8080:80", HERE)).containsExactly("80/tcp");
        assertThat(ExposedPorts.parse("8080:80/", HERE)).containsExactly("80/tcp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "65536", "80/x", "a:80/x", "2-1", "-1", "1-", "1-2-3", "99999999999", "٣"})
    void anythingElseIsAPositionedError(String word) {
        assertThatExceptionOfType(DockerfileException.class)
                .isThrownBy(() -> ExposedPorts.parse(word, HERE))
                .withMessageStartingWith("Dockerfile:4:8: invalid port \"" + word + "\" in EXPOSE");
    }
}

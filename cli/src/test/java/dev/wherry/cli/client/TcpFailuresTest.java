package dev.wherry.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpFailuresTest {
    private static final HostAddress.Tcp ADDRESS =
            new HostAddress.Tcp("build1", 2377, Optional.of(TlsFiles.in(Path.of("/certs"))));

    @ParameterizedTest
    @CsvSource({
        "certificate_revoked, the certificate in /certs/cert.pem is revoked",
        "certificate_expired, the certificate in /certs/cert.pem has expired",
        "unknown_ca, the server does not trust the CA of the certificate in /certs/cert.pem",
        "certificate_required, the server needs a certificate of the client",
        "protocol_version, the server does not speak TLS 1.3",
        "access_denied, the server refuses TLS with the certificate in /certs/cert.pem (access_denied)",
    })
    void alertOfTheServerIsExplained(String alert, String reason) {
        Throwable thrown = new RuntimeException(
                "io exception", new SSLHandshakeException("(" + alert + ") Received fatal alert: " + alert));

        assertThat(TcpFailures.reason(thrown, ADDRESS)).contains(reason);
    }

    @Test
    void connectionThatWasClosedHasNoReason() {
        assertThat(TcpFailures.reason(new java.io.IOException("Connection reset"), ADDRESS))
                .isEmpty();
        assertThat(TcpFailures.reason(null, ADDRESS)).isEmpty();
    }
}

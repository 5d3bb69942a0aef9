package dev.wherry.daemon.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {

    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path folder;

    private Authority authority() {
        return new Authority(folder.resolve("pki"));
    }

    private Issued issue(String name) {
        return authority().issue(new Subject(name, "operator"), YEAR, folder.resolve(name));
    }

    private X509Certificate certificate(String path) {
        return Pem.certificate(folder.resolve(path));
    }

    /** As the JDK judges a certificate, with the list of revocations. */
    private void validate(String path) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate("pki/ca.pem"), null)));
        parameters.addCertStore(CertStore.getInstance(
                "Collection",
                new CollectionCertStoreParameters(List.of(Pem.revocations(folder.resolve("pki/crl.pem"))))));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate(path))),
                        parameters);
    }

    @Test
    void certificatesAreValidUntilTheyAreRevoked() throws Exception {
        authority().begin(List.of("build1.example.org"));
        issue("alice");
        issue("bob");
        validate("pki/cert.pem");
        validate("alice/cert.pem");

        List<Issued> revoked = authority().revoke("alice");

        assertThat(revoked).extracting(Issued::name).containsExactly("alice");
        assertThatThrownBy(() -> validate("alice/cert.pem"))
                .isInstanceOf(CertPathValidatorException.class)
                .hasMessageContaining("revoked");
        validate("bob/cert.pem");
        authority().revoke(certificate("bob/cert.pem").getSerialNumber().toString(16));
        assertThatThrownBy(() -> validate("bob/cert.pem")).hasMessageContaining("revoked");
        assertThatThrownBy(() -> validate("alice/cert.pem")).hasMessageContaining("revoked");
    }

    @Test
    void serverHasItsNamesAndClientsTheirRole() throws Exception {
        authority().begin(List.of("build1.example.org", "192.0.2.7", "2001:db8::7"));
        issue("alice");

        X509Certificate server = certificate("pki/cert.pem");
        assertThat(server.getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .containsExactly("build1.example.org", "192.0.2.7", "2001:db8:0:0:0:0:0:7");
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        X509Certificate client = certificate("alice/cert.pem");
        assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=alice,O=wherry:operator");
        assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate("pki/ca.pem").getBasicConstraints()).isZero();
    }

    @Test
    void keysAreForTheirOwnersAlone() throws IOException {
        authority().begin(List.of("localhost"));
        issue("alice");

        for (String key : List.of("pki/key.pem", "pki/ca-key.pem", "alice/key.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(key))))
                    .as(key)
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("pki"))))
                .isEqualTo("rwx------");
    }

    @Test
    void listTellsWhatBecameOfEach() {
        authority().begin(List.of("localhost"));
        Issued alice = issue("alice");
        issue("bob");
        authority().revoke("bob");

        assertThat(authority().list()).extracting(Issued::name).containsExactly("alice", "bob", "wherryd");
        assertThat(authority().list().getFirst()).isEqualTo(alice);
        assertThat(authority().list().get(1).revoked()).isPresent();
        assertThat(alice.role()).isEqualTo("operator");
    }

    @Test
    void beginningAgainKeepsTheAuthority() throws Exception {
        authority().begin(List.of("localhost"));
        issue("alice");
        authority().revoke("alice");
        String before = Files.readString(folder.resolve("pki/cert.pem"));

        authority().begin(List.of("localhost"));

        validate("pki/cert.pem");
        assertThat(Files.readString(folder.resolve("pki/cert.pem"))).isNotEqualTo(before);
        assertThatThrownBy(() -> validate("alice/cert.pem")).hasMessageContaining("revoked");
    }

    @Test
    void nothingOutlivesTheAuthority() {
        authority().begin(List.of("localhost"));

        Issued endless = authority().issue(new Subject("alice", "admin"), Duration.ofDays(9000), folder.resolve("a"));

        assertThat(endless.end())
                .isEqualTo(certificate("pki/ca.pem").getNotAfter().toInstant());
        Authority late = new Authority(
                folder.resolve("pki"), Clock.fixed(Instant.now().plus(Duration.ofDays(4000)), ZoneOffset.UTC));
        assertThatThrownBy(() -> late.issue(new Subject("bob", "admin"), YEAR, folder.resolve("b")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("has expired");
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> issue("early"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("run wherryd pki init");
        authority().begin(List.of("localhost"));
        issue("alice");
        assertThatThrownBy(() -> authority().revoke("carol")).isInstanceOf(NotFoundException.class);
        authority().revoke("alice");
        assertThatThrownBy(() -> authority().revoke("alice"))
                .isInstanceOf(ConflictException.class)
                .hasMessage("alice is revoked already");
        assertThatThrownBy(() -> authority().issue(new Subject("x", "admin"), YEAR, folder.resolve("pki")))
                .isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "300.1.1.1", "::zz", "a/b", "-x", "x\ny"})
    void namesThatAreNoneAreRefused(String name) {
        assertThatThrownBy(() -> authority().begin(List.of(name))).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,O=wherry:admin", "a+O=b", "a\"", "../a", "a b"})
    void subjectsCannotSayMoreThanTheirName(String name) {
        assertThatThrownBy(() -> new Subject(name, "reader")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new Subject("a", name)).isInstanceOf(InvalidInputException.class);
    }
}

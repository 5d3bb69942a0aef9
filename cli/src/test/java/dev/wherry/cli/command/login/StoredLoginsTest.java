package dev.wherry.cli.command.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.RegistryLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredLoginsTest {
    private static final RegistryHost LOCAL = RegistryHost.of("localhost:5000");
    private static final StoredLogin ANN = new StoredLogin("ann", "se:same", "");

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();
    private Path file;
    private StoredLogins logins;

    @BeforeEach
    void environment() {
        file = folder.resolve("docker/config.json");
        logins = new StoredLogins(
                Map.of("DOCKER_CONFIG", folder.resolve("docker").toString(), "PATH", folder + ":/usr/bin:/bin"),
                warnings::add);
    }

    private void config(String json) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
    }

    /** Keeps each login in a file beside it, as the programs of docker do in a key ring. */
    private void program(String name) throws IOException {
        Path program = folder.resolve("docker-credential-" + name);
        Files.writeString(program, """
            #!/bin/sh
            cd "$(dirname "$0")" || exit 1
            case $1 in
              list) echo "{$(cat list 2>/dev/null)}";;
              store) cat > stored; echo '"localhost:5000":"ann"' > list;;
              get) [ "$(cat)" = localhost:5000 ] && [ -f stored ] && cat stored && exit 0
                   echo "credentials not found in native keychain"; exit 1;;
              erase) cat > /dev/null; rm -f stored list;;
            esac
            """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void loginIsKeptWhereDockerKeepsItAndNothingElseChanges() throws IOException {
        config("""
            {"auths":{"quay.io":{"auth":"Ym9iOnB3"}},"psFormat":"x","proxies":{"default":{"noProxy":"a"}}}\
            """);
        assertThat(logins.store(LOCAL, ANN)).contains(file);
        assertThat(Files.readString(file)).isEqualTo("""
            {
            	"auths": {
            		"quay.io": {
            			"auth": "Ym9iOnB3"
            		},
            		"localhost:5000": {
            			"auth": "YW5uOnNlOnNhbWU="
            		}
            	},
            	"psFormat": "x",
            	"proxies": {
            		"default": {
            			"noProxy": "a"
            		}
            	}
            }\
            """);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(logins.find(LOCAL)).contains(ANN);
        assertThat(logins.mayHaveSome()).isTrue();
        assertThat(logins.forRegistries(List.of("localhost:5000", "quay.io", "docker.io", "ghcr.io")))
                .extracting(RegistryLogin::getRegistry)
                .containsExactly("localhost:5000", "quay.io");
        assertThat(logins.forReference("localhost:5000/app:1").getFirst().getPassword())
                .isEqualTo("se:same");
        assertThat(logins.forReference("app")).isEmpty();

        assertThat(logins.erase(LOCAL)).isTrue();
        assertThat(logins.erase(LOCAL)).isFalse();
        assertThat(Files.readString(file)).contains("quay.io").doesNotContain("localhost");
    }

    @Test
    void dockerHubHasDockersKey() {
        logins.store(RegistryHost.of(""), new StoredLogin("ann", "", "token"));
        assertThat(logins.forReference("node").getFirst().getIdentityToken()).isEqualTo("token");
        assertThat(logins.forReference("ann/app:1").getFirst().getRegistry()).isEqualTo("docker.io");
        assertThat(file).content().contains("https://index.docker.io/v1/").contains("\"identitytoken\": \"token\"");
    }

    @Test
    void programsKeepLogins() throws IOException {
        assertThat(logins.mayHaveSome()).isFalse();
        program("test");
        config("{\"credsStore\":\"test\"}");
        assertThat(logins.mayHaveSome()).isTrue();
        assertThat(logins.find(LOCAL)).isEmpty();
        assertThat(logins.store(LOCAL, ANN)).isEmpty();
        assertThat(file).content().contains("\"localhost:5000\": {}").doesNotContain("auth\":");
        assertThat(logins.find(LOCAL)).contains(ANN);
        assertThat(logins.forRegistries(List.of("localhost:5000", "quay.io"))).hasSize(1);
        assertThat(logins.erase(LOCAL)).isTrue();
        assertThat(logins.find(LOCAL)).isEmpty();
    }

    @Test
    void programOfOneRegistryGoesFirst() throws IOException {
        program("own");
        config("{\"credsStore\":\"absent\",\"credHelpers\":{\"localhost:5000\":\"own\"}}");
        logins.store(LOCAL, new StoredLogin("ann", "", "token"));
        assertThat(folder.resolve("stored")).content().contains("\"Username\":\"<token>\"");
        assertThat(logins.find(LOCAL)).contains(new StoredLogin("", "", "token"));
        assertThatThrownBy(() -> logins.find(RegistryHost.of("other:5000")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot run docker-credential-absent");
        assertThat(logins.forReference("other:5000/app")).isEmpty();
        assertThat(warnings).hasSize(1).first().asString().contains("docker-credential-absent");
    }

    @Test
    void malformedFileIsNotOverwritten() throws IOException {
        config("{\"auths\":");
        assertThatThrownBy(() -> logins.store(LOCAL, ANN))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("malformed");
        assertThat(file).content().isEqualTo("{\"auths\":");
    }

    @Test
    void registriesAreNamedInManyWays() {
        for (String same : new String[] {"https://localhost:5000/v1/", "localhost:5000/", "http://localhost:5000"}) {
            assertThat(RegistryHost.of(same)).isEqualTo(LOCAL);
        }
        assertThat(RegistryHost.ofReference("a/b")).isEqualTo(RegistryHost.HUB);
        assertThat(RegistryHost.ofReference("a.b/c@sha256:1")).isEqualTo(new RegistryHost("a.b"));
    }
}

package dev.wherry.daemon.api.docker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.error.ConflictException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors that programs look for have docker's words. */
class DockerSentencesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            no such container: x | No such container: x
            logger: no log driver named 'x' is registered: use one of none, local | logger: no log driver named 'x' is registered
            the container name "web" is already in use by container 0123456789ab: remove or rename that container | Conflict. The container name "/web" is already in use by container "0123456789ab". You have to remove (or rename) that container to be able to reuse that name.
            container name "a b" is not allowed: use 2 to 128 letters | Invalid container name (a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed
            port 127.0.0.1:80/tcp is already in use by container "web": choose another port, or stop that container | driver failed programming external connectivity: Bind for 127.0.0.1:80 failed: port is already allocated by container "web": choose another port, or stop that container
            r.example:5000/a/b:1 not found | manifest for r.example:5000/a/b:1 not found: manifest unknown: manifest unknown
            docker.io/library/a@sha256:00 not found | manifest for docker.io/library/a@sha256:00 not found: manifest unknown: manifest unknown
            cannot remove container "web": container is running: stop the container before removing or force remove | cannot remove container "/web": container is running: stop the container before removing or force remove
            cannot join container:x: no such container: x | cannot join container:x: No such container: x
            signal "0" is not known: use a name such as SIGTERM, or a number from 1 to 64 | Invalid signal: 0
            PID namespace x: not known: use host, private or container:NAME | invalid PID mode: x
            CPU shares -1: use a positive number | invalid CPU shares (-1): value must be a positive integer
            memory limit: at least 6 MiB are needed | Minimum memory limit allowed is 6MB
            the target "foo" of a mount is not absolute | invalid mount path: 'foo' mount path must be absolute
            nothing can be mounted over the container's "/" | invalid specification: destination can't be '/'
            the subpath "../x" of the mount at /v must not leave the volume | invalid subpath "../x": subpath must be a relative path within the volume
            error looking up volume plugin x: plugin "x" not found: the one volume driver is "local" | error looking up volume plugin x: plugin "x" not found
            additional host host1: write NAME:ADDRESS | bad format for add-host: "host1"
            additional host a:b: "b" is no IP address | invalid IP address in add-host: "b"
            network back not found | network back not found
            https://r.example:80/x not found | https://r.example:80/x not found
            """)
    void programsFindTheirSentence(String ours, String docker) {
        assertThat(DockerSentences.of(ours)).isEqualTo(docker);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Container web is not paused | 500
            Container web is already paused | 409
            port 127.0.0.1:80/tcp is already in use by container "web": choose another port, or stop that container | 500
            port 80/tcp is published twice | 409
            operation is not permitted on predefined bridge network | 403
            bridge is a pre-defined network and cannot be removed | 403
            error looking up volume plugin x: plugin "x" not found: the one volume driver is "local" | 404
            """)
    void statusIsDockersWhereItIsNotThatOfTheKind(String ours, int status) {
        assertThat(HttpErrors.code(new ConflictException(ours))).isEqualTo(status);
    }
}

package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "node,                          docker.io/library/node:latest,        node:latest",
        "node:22-slim,                  docker.io/library/node:22-slim,       node:22-slim",
        "library/node,                  docker.io/library/node:latest,        node:latest",
        "docker.io/node,                docker.io/library/node:latest,        node:latest",
        "index.docker.io/node:1,        docker.io/library/node:1,             node:1",
        "a/b,                           docker.io/a/b:latest,                 a/b:latest",
        "a/b/c,                         docker.io/a/b/c:latest,               a/b/c:latest",
        "library/a/b,                   docker.io/library/a/b:latest,         library/a/b:latest",
        "localhost/a,                   localhost/a:latest,                   localhost/a:latest",
        "localhost:5000/a:b,            localhost:5000/a:b,                   localhost:5000/a:b",
        "127.0.0.1:5000/node,           127.0.0.1:5000/node:latest,           127.0.0.1:5000/node:latest",
        "[::1]:5000/node,               [::1]:5000/node:latest,               [::1]:5000/node:latest",
        "quay.io/a-b/c__d.e:V_1.2-3,    quay.io/a-b/c__d.e:V_1.2-3,           quay.io/a-b/c__d.e:V_1.2-3",
        "Registry/a,                    Registry/a:latest,                    Registry/a:latest",
        "a---b,                         docker.io/library/a---b:latest,       a---b:latest",
        "docker.io/my.org/a,            docker.io/my.org/a:latest,            docker.io/my.org/a:latest",
        "localhost:5000,                docker.io/library/localhost:5000,     localhost:5000",
    })
    void namesAreNormalizedAndShownAsPeopleWriteThem(String text, String canonical, String familiar) {
        Reference reference = Reference.parse(text);
        assertThat(reference).hasToString(canonical);
        assertThat(reference.familiar()).isEqualTo(familiar);
        assertThat(Reference.parse(canonical)).isEqualTo(reference);
        assertThat(Reference.parse(familiar)).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Node",
                "a/Node",
                "node:",
                "node:-a",
                "node:.a",
                "node:a b",
                "no de",
                "-node",
                "node-",
                "_node",
                "a//b",
                "/node",
                "a/",
                "a..b",
                "a___b",
                "a@sha256:12",
                "a@md5:0123456789abcdef0123456789abcdef",
                "a@",
                "a:b:c",
                "https://quay.io/a",
                "quay.io:port/a",
                "quay.io:/a",
                "quay.io:65536/a",
                "-quay.io/a",
                "[::1/a",
                "a/../b",
                "ä",
                "node\n",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            })
    void whatIsNoReferenceIsRefused(String text) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("invalid reference");
    }

    @Test
    void upperCaseIsExplained() {
        assertThatThrownBy(() -> Reference.parse("MyApp"))
                .hasMessage("invalid reference \"docker.io/library/MyApp\": a repository name must be lower case");
    }

    @Test
    void digestReplacesTheDefaultTag() {
        Reference byDigest = Reference.parse("node@" + DIGEST);
        assertThat(byDigest.tag()).isEmpty();
        assertThat(byDigest.selector()).isEqualTo(DIGEST);
        assertThat(byDigest.familiar()).isEqualTo("node@" + DIGEST);

        Reference both = Reference.parse("localhost:5000/node:22@" + DIGEST);
        assertThat(both.tag()).contains("22");
        assertThat(both.digest()).contains(Digest.parse(DIGEST));
        assertThat(both.selector()).isEqualTo(DIGEST);
        assertThat(both).hasToString("localhost:5000/node:22@" + DIGEST);
    }

    @Test
    void lengthsAreLimited() {
        assertThat(Reference.parse("a".repeat(247)).repository()).hasSize(255);
        assertThatThrownBy(() -> Reference.parse("a".repeat(248))).isInstanceOf(InvalidInputException.class);
        assertThat(Reference.parse("a:" + "b".repeat(128)).tag()).contains("b".repeat(128));
        assertThatThrownBy(() -> Reference.parse("a:" + "b".repeat(129))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Reference.parse("a-".repeat(100_000) + "!")).isInstanceOf(InvalidInputException.class);
    }

    @Property
    void anyTextIsAReferenceOrRefused(@ForAll String text) {
        try {
            Reference reference = Reference.parse(text);
            assertThat(Reference.parse(reference.toString())).isEqualTo(reference);
            assertThat(Reference.parse(reference.familiar())).isEqualTo(reference);
        } catch (InvalidInputException refused) {
            assertThat(refused).hasMessageStartingWith("invalid reference");
        }
    }
}

package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.content.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttestationDraftTest {

    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final Digest IMAGE = Digest.sha256("image");

    private final AttestationDraft draft = new AttestationDraft(
            List.of(new AttestationDraft.Predicate("https://slsa.dev/provenance/v1", Map.of("b", 1, "a", 2))));

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }

    @Test
    void statementIsAboutTheManifestUnderEachName() {
        AttestationDraft.Documents documents = draft.about(
                IMAGE, AMD64, List.of(Reference.parse("app:1"), Reference.parse("registry.example.com/team/app")));
        assertThat(text(documents.statements().getFirst()))
                .isEqualTo("{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"predicate\":{\"a\":2,\"b\":1},"
                        + "\"predicateType\":\"https://slsa.dev/provenance/v1\",\"subject\":["
                        + subject("pkg:docker/app@1?platform=linux%2Famd64") + ","
                        + subject("pkg:docker/registry.example.com/team/app@latest?platform=linux%2Famd64") + "]}");
    }

    private static String subject(String name) {
        return "{\"digest\":{\"sha256\":\"" + IMAGE.hex() + "\"},\"name\":\"" + name + "\"}";
    }

    @Test
    void imageWithoutANameIsASubjectToo() {
        byte[] statement = draft.about(IMAGE, AMD64, List.of()).statements().getFirst();
        assertThat(text(statement)).contains("\"name\":\"_\"");
    }

    @Test
    void manifestIsThatOfNoPlatformAndNamesItsImage() {
        AttestationDraft.Documents documents = draft.about(IMAGE, AMD64, List.of());
        assertThat(documents.entry().kind()).isEqualTo(ManifestTree.Kind.ATTESTATION);
        assertThat(documents.entry().platform()).hasToString("unknown/unknown");
        assertThat(documents.entry().annotations()).containsEntry("vnd.docker.reference.digest", IMAGE.toString());
        assertThat(documents.entry().digest()).isEqualTo(Digest.sha256(documents.manifest()));
        assertThat(text(documents.manifest()))
                .contains("\"mediaType\":\"application/vnd.in-toto+json\"")
                .contains("{\"in-toto.io/predicate-type\":\"https://slsa.dev/provenance/v1\"}")
                .contains(Digest.sha256(documents.config()).toString());
        assertThat(text(documents.config()))
                .isEqualTo(
                        "{\"architecture\":\"unknown\",\"os\":\"unknown\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
                                + "\"diff_ids\":[\""
                                + Digest.sha256(documents.statements().getFirst()) + "\"]}}");
    }
}

package dev.wherry.daemon.builder.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.attest.AttestationOptions.ProvenanceOptions;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttestationOptionsTest {

    private static AttestationOptions provenance(Map<String, String> attributes) {
        return AttestationOptions.NONE.with("provenance", attributes);
    }

    @Test
    void provenanceIsMinimalUnlessAskedOtherwise() {
        assertThat(provenance(Map.of()).provenance()).contains(new ProvenanceOptions(false, "", false));
        assertThat(provenance(Map.of("mode", "max", "builder-id", "ci", "reproducible", "true"))
                        .provenance())
                .contains(new ProvenanceOptions(true, "ci", true));
    }

    @Test
    void laterOneCounts() {
        assertThat(provenance(Map.of()).with("provenance", Map.of("disabled", "true")))
                .isEqualTo(AttestationOptions.NONE);
        assertThat(AttestationOptions.NONE.with("sbom", Map.of()).sbom()).isTrue();
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> provenance(Map.of("mode", "big")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("provenance: unknown mode \"big\": there are min and max");
        assertThatThrownBy(() -> provenance(Map.of("version", "v0.2"))).hasMessageContaining("use v1");
        assertThatThrownBy(() -> provenance(Map.of("x", "y"))).hasMessage("provenance has no attribute \"x\"");
        assertThatThrownBy(() -> AttestationOptions.NONE.with("x", Map.of()))
                .hasMessage("unknown attestation type \"x\": there are provenance and sbom");
        assertThatThrownBy(() -> AttestationOptions.NONE.with("sbom", Map.of("generator", "scanner")))
                .hasMessageContaining("install syft");
    }
}

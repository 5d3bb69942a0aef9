package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildAttestation;
import dev.wherry.v1.BuildOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about attestations. */
public final class AttestationFlags {

    @Option(
            names = "--attest",
            paramLabel = "type=TYPE[,KEY=VALUE]",
            description = "Attach an attestation to the image: type=provenance,mode=min|max or type=sbom")
    private List<String> attestations = new ArrayList<>();

    @Option(
            names = "--provenance",
            paramLabel = "true|false|mode=min|max",
            arity = "0..1",
            fallbackValue = "true",
            description = "Shorthand for --attest=type=provenance")
    private String provenance = "";

    @Option(
            names = "--sbom",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Shorthand for --attest=type=sbom")
    private String sbom = "";

    public void into(BuildOptions.Builder options) {
        attestations.forEach(value -> options.addAttestations(parse(value)));
        shorthand("provenance", provenance, options);
        shorthand("sbom", sbom, options);
    }

    private static void shorthand(String type, String value, BuildOptions.Builder options) {
        if (value.isEmpty()) {
            return;
        }
        BuildAttestation.Builder attestation = BuildAttestation.newBuilder().setType(type);
        switch (value) {
            case "true", "1" -> {}
            case "false", "0" -> attestation.putAttributes("disabled", "true");
            default -> fields("--" + type, value, attestation);
        }
        options.addAttestations(attestation);
    }

    private static BuildAttestation parse(String value) {
        BuildAttestation.Builder attestation = BuildAttestation.newBuilder();
        fields("--attest", value, attestation);
        String type = attestation.getAttributesOrDefault("type", "");
        if (type.isEmpty()) {
            throw new Failure("--attest " + value + ": give a type: type=provenance or type=sbom");
        }
        return attestation.setType(type).removeAttributes("type").build();
    }

    private static void fields(String flag, String value, BuildAttestation.Builder attestation) {
        for (String field : value.split(",")) {
            int equals = field.indexOf('=');
            if (equals <= 0) {
                throw new Failure(flag + " " + value + ": \"" + field + "\" is not KEY=VALUE");
            }
            attestation.putAttributes(field.substring(0, equals).strip(), field.substring(equals + 1));
        }
    }
}

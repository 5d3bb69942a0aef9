package dev.wherry.daemon.builder.attest;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which attestations an image gets.
 *
 * @param provenance empty for none
 * @param sbom whether it gets a bill of materials
 */
public record AttestationOptions(Optional<ProvenanceOptions> provenance, boolean sbom) {

    public static final AttestationOptions NONE = new AttestationOptions(Optional.empty(), false);

    private static final Set<String> PROVENANCE_KEYS = Set.of("mode", "version", "builder-id", "reproducible");

    /** What a provenance says. */
    public record ProvenanceOptions(boolean max, String builderId, boolean reproducible) {}

    public boolean isEmpty() {
        return provenance.isEmpty() && !sbom;
    }

    /**
     * The same with one attestation more, or one less where its attribute {@code disabled} is true.
     *
     * @throws InvalidInputException when there is no such attestation or attribute
     */
    public AttestationOptions with(String type, Map<String, String> attributes) {
        boolean disabled = Boolean.parseBoolean(attributes.getOrDefault("disabled", "false"));
        return switch (type) {
            case "provenance" ->
                new AttestationOptions(disabled ? Optional.empty() : Optional.of(provenance(attributes)), sbom);
            case "sbom" -> {
                if (!disabled && attributes.containsKey("generator")) {
                    throw new InvalidInputException("sbom: scanner images are not supported: leave generator="
                            + attributes.get("generator") + " out, and install syft on the daemon's host");
                }
                yield new AttestationOptions(provenance, !disabled);
            }
            default ->
                throw new InvalidInputException(
                        "unknown attestation type \"" + type + "\": there are provenance and sbom");
        };
    }

    private static ProvenanceOptions provenance(Map<String, String> attributes) {
        attributes.keySet().stream()
                .filter(key -> !PROVENANCE_KEYS.contains(key) && !key.equals("disabled"))
                .findFirst()
                .ifPresent(key -> {
                    throw new InvalidInputException("provenance has no attribute \"" + key + "\"");
                });
        String mode = attributes.getOrDefault("mode", "min");
        if (!Set.of("min", "max").contains(mode)) {
            throw new InvalidInputException("provenance: unknown mode \"" + mode + "\": there are min and max");
        }
        String version = attributes.getOrDefault("version", "v1");
        if (!version.equals("v1")) {
            throw new InvalidInputException("provenance: version " + version + " of SLSA is not supported: use v1");
        }
        return new ProvenanceOptions(
                mode.equals("max"),
                attributes.getOrDefault("builder-id", ""),
                Boolean.parseBoolean(attributes.getOrDefault("reproducible", "false")));
    }
}

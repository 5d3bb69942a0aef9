package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.Digest;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tags that tie manifests to the one that they are about, in registries without a list of referrers: the tag of an index
 * of them (OCI distribution-spec, "Referrers Tag Schema"), and those that cosign gives to signatures, attestations and
 * bills of materials.
 */
public final class ReferrerTags {

    private static final List<String> COSIGN = List.of(".sig", ".att", ".sbom");

    private ReferrerTags() {}

    /** The tag of the index. A tag has at most 128 characters; the specification cuts the digest's parts to 32 and 64. */
    public static String index(Digest subject) {
        String hex = subject.hex();
        return subject.algorithm() + "-" + hex.substring(0, Math.min(64, hex.length()));
    }

    /** The tag of the index, then the others. */
    public static List<String> of(Digest subject) {
        String index = index(subject);
        return Stream.concat(Stream.of(index), COSIGN.stream().map(index::concat))
                .toList();
    }
}

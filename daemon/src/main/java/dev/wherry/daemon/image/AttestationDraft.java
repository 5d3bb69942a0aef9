package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Attestations of one image: in-toto statements in a manifest of their own, which BuildKit's "Image Attestation Storage"
 * describes. The index that lists the image lists that manifest too.
 *
 * @param predicates at least one
 */
public record AttestationDraft(List<Predicate> predicates) {

    private static final String STATEMENT = "https://in-toto.io/Statement/v0.1";
    private static final String PREDICATE_TYPE = "in-toto.io/predicate-type";
    private static final String UNKNOWN = "unknown";

    public AttestationDraft {
        predicates = List.copyOf(predicates);
    }

    /**
     * What a statement says.
     *
     * @param type an address that defines the form of the body
     * @param body as JSON has it
     */
    public record Predicate(String type, Map<String, Object> body) {}

    /**
     * The documents of the attestations.
     *
     * @param entry describes the manifest in the index
     */
    public record Documents(ImageIndex.Entry entry, byte[] manifest, byte[] config, List<byte[]> statements) {

        /** All of them, the manifest first. */
        public List<byte[]> all() {
            List<byte[]> all = new ArrayList<>(List.of(manifest, config));
            all.addAll(statements);
            return all;
        }
    }

    /**
     * The attestations as statements about a manifest.
     *
     * @param names of the image
     */
    public Documents about(Digest manifest, Platform platform, List<Reference> names) {
        List<byte[]> statements = predicates.stream()
                .map(predicate -> CanonicalJson.write(statement(predicate, manifest, platform, names)))
                .toList();
        byte[] config = CanonicalJson.write(new ImageConfig(
                null,
                null,
                UNKNOWN,
                null,
                UNKNOWN,
                null,
                null,
                new ImageConfig.Rootfs(
                        "layers", statements.stream().map(Digest::sha256).toList()),
                null));
        List<Descriptor> layers = new ArrayList<>();
        for (int i = 0; i < statements.size(); i++) {
            layers.add(new Descriptor(
                    MediaTypes.IN_TOTO,
                    Digest.sha256(statements.get(i)),
                    statements.get(i).length,
                    Map.of(PREDICATE_TYPE, predicates.get(i).type())));
        }
        byte[] document = CanonicalJson.write(new Manifest(
                MediaTypes.MANIFEST,
                new Descriptor(MediaTypes.CONFIG, Digest.sha256(config), config.length),
                layers,
                Map.of()));
        ImageIndex.Entry entry = new ImageIndex.Entry(
                MediaTypes.MANIFEST,
                Digest.sha256(document),
                document.length,
                new Platform(UNKNOWN, UNKNOWN, null),
                Map.of(
                        ImageIndex.Entry.REFERENCE_TYPE,
                        ImageIndex.Entry.ATTESTATION,
                        ImageIndex.Entry.SUBJECT_DIGEST,
                        manifest.toString()));
        return new Documents(entry, document, config, statements);
    }

    private static Map<String, Object> statement(
            Predicate predicate, Digest manifest, Platform platform, List<Reference> names) {
        List<Map<String, Object>> subjects = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of("_") : packages(names, platform)) {
            subjects.add(Map.of("name", name, "digest", Map.of(manifest.algorithm(), manifest.hex())));
        }
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("_type", STATEMENT);
        statement.put("predicateType", predicate.type());
        statement.put("subject", subjects);
        statement.put("predicate", predicate.body());
        return statement;
    }

    private static List<String> packages(List<Reference> names, Platform platform) {
        return names.stream().map(name -> packageUrl(name, platform)).toList();
    }

    /** An image in the form of package-url: {@code pkg:docker/busybox@latest?platform=linux%2Famd64}. */
    public static String packageUrl(Reference name, Platform platform) {
        return "pkg:docker/" + name.familiarName()
                + name.tag().map(tag -> "@" + tag).orElse("")
                + "?"
                + name.digest()
                        .map(digest -> "digest=" + encoded(digest.toString()) + "&")
                        .orElse("")
                + "platform=" + encoded(platform.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

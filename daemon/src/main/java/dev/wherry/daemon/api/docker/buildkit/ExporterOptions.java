package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.control.Exporter;
import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.daemon.builder.export.Output;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions;
import dev.wherry.daemon.image.compression.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of the result of a solve.
 *
 * @param outputs by the places that the client knows its exporters by
 * @param pushed names that are pushed once the image has them
 * @param annotations of the image's manifest
 * @param rewriteTimestamp whether files of layers get the time that the build arguments say
 */
record ExporterOptions(
        List<Output> outputs, List<Reference> pushed, Map<String, String> annotations, boolean rewriteTimestamp) {

    private static final String ANNOTATION = "annotation";

    /** One output, and nothing besides. */
    static ExporterOptions only(Output output) {
        return new ExporterOptions(List.of(output), List.of(), Map.of(), false);
    }

    static ExporterOptions of(SolveRequest request) {
        List<Exporter> exporters = new ArrayList<>(request.getExportersList());
        if (exporters.isEmpty() && !request.getExporterDeprecated().isEmpty()) {
            exporters.add(Exporter.newBuilder()
                    .setType(request.getExporterDeprecated())
                    .putAllAttrs(request.getExporterAttrsDeprecatedMap())
                    .build());
        }
        List<Output> outputs = new ArrayList<>();
        List<Reference> pushed = new ArrayList<>();
        Map<String, String> annotations = new TreeMap<>();
        boolean rewrite = false;
        for (Exporter exporter : exporters) {
            Attributes attributes = new Attributes(exporter.getAttrsMap());
            annotations.putAll(annotations(attributes));
            rewrite |= attributes.flag("rewrite-timestamp", false);
            Output output = output(exporter.getType(), attributes);
            outputs.add(output);
            if (output instanceof Output.Image image && attributes.flag("push", false)) {
                pushed.addAll(image.names());
            }
        }
        if (outputs.isEmpty()) {
            outputs.add(new Output.Nothing());
        }
        return new ExporterOptions(List.copyOf(outputs), List.copyOf(pushed), annotations, rewrite);
    }

    private static Output output(String type, Attributes attributes) {
        return switch (type) {
            case "moby", "image" -> {
                if (attributes.flag("push-by-digest", false)) {
                    throw new UnsupportedException("push-by-digest is not supported: push a tag");
                }
                yield new Output.Image(names(attributes));
            }
            case "local" -> new Output.Files();
            case "tar" -> new Output.Tar();
            case "oci" -> archive(ArchiveOptions.Format.OCI, attributes);
            case "docker" -> archive(ArchiveOptions.Format.DOCKER, attributes);
            default ->
                throw new InvalidInputException(
                        "there is no output of the type \"" + type + "\": use image, local, tar, oci or docker");
        };
    }

    private static Output archive(ArchiveOptions.Format format, Attributes attributes) {
        if (!attributes.flag("tar", true)) {
            throw new UnsupportedException("an output of the type "
                    + format.name().toLowerCase(Locale.ROOT) + " is one file here: leave tar=false out");
        }
        Compression compression = compression(attributes);
        return new Output.Archive(
                new ArchiveOptions(
                        format,
                        names(attributes),
                        compression,
                        attributes.number("compression-level"),
                        attributes.flag("force-compression", false),
                        attributes
                                .flag("oci-mediatypes")
                                .orElse(format == ArchiveOptions.Format.OCI
                                        || compression == Compression.ZSTD
                                        || !annotations(attributes).isEmpty())),
                false);
    }

    static Compression compression(Attributes attributes) {
        return attributes
                .text("compression")
                .map(name -> switch (name) {
                    case "uncompressed" -> Compression.UNCOMPRESSED;
                    case "gzip" -> Compression.GZIP;
                    case "zstd" -> Compression.ZSTD;
                    default ->
                        throw new InvalidInputException(
                                "unknown compression \"" + name + "\": use uncompressed, gzip or zstd");
                })
                .orElse(Compression.GZIP);
    }

    private static List<Reference> names(Attributes attributes) {
        return attributes.list("name").stream()
                .map(name -> {
                    Reference reference = Reference.parse(name);
                    if (reference.digest().isPresent()) {
                        throw new InvalidInputException("cannot name an image \"" + name + "\": a name has no digest");
                    }
                    return reference;
                })
                .toList();
    }

    /** Those of manifests: {@code annotation.KEY}, or with a platform in brackets before the point. */
    private static Map<String, String> annotations(Attributes attributes) {
        Map<String, String> found = new TreeMap<>();
        attributes.below(ANNOTATION).forEach((name, value) -> {
            int point = name.indexOf('.');
            if (point >= 0 && !name.startsWith("-index") && !name.startsWith("-manifest-descriptor")) {
                found.put(name.substring(point + 1), value);
            }
        });
        return found;
    }
}

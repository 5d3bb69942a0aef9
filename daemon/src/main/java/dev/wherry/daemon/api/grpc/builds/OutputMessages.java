package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.attest.AttestationOptions;
import dev.wherry.daemon.builder.export.Difference;
import dev.wherry.daemon.builder.export.ExportedImage;
import dev.wherry.daemon.builder.export.Output;
import dev.wherry.daemon.builder.export.OutputOptions;
import dev.wherry.daemon.builder.plan.SourceDate;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.v1.BuildAttestation;
import dev.wherry.v1.BuildDifference;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildOutput;
import dev.wherry.v1.BuildResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What messages about builds say of their results, in the daemon's own terms. */
final class OutputMessages {

    private OutputMessages() {}

    static OutputOptions options(BuildOptions options) {
        List<Output> outputs = new ArrayList<>();
        boolean rewrite = options.getReproducible() || options.getVerify();
        for (BuildOutput output : options.getOutputsList()) {
            outputs.add(output(output, options));
            rewrite |= output.getRewriteTimestamp();
        }
        if (outputs.isEmpty()) {
            outputs.add(new Output.Image(List.of()));
        }
        return new OutputOptions(
                options.getTagsList(),
                options.getLabelsMap(),
                outputs,
                options.getAnnotationsMap(),
                SourceDate.asked(rewrite, options.getReproducible() || options.getVerify()),
                options.getVerify(),
                attestations(options));
    }

    private static AttestationOptions attestations(BuildOptions options) {
        AttestationOptions all = AttestationOptions.NONE;
        for (BuildAttestation attestation : options.getAttestationsList()) {
            all = all.with(attestation.getType(), attestation.getAttributesMap());
        }
        return all;
    }

    /** The result of a build for its client. */
    static BuildResult result(dev.wherry.daemon.builder.BuildResult built) {
        ExportedImage product = built.product();
        BuildResult.Builder result = BuildResult.newBuilder()
                .addAllTags(built.tags())
                .setStepsCached(built.cachedSteps())
                .setStepsTotal(built.steps())
                .setSavedNanos(built.saved().toNanos());
        product.image()
                .ifPresent(image -> result.setImageId(image.id().toString())
                        .setPlatform(image.platform().toString())
                        .setCreated(image.config().created()));
        product.manifest()
                .ifPresent(
                        manifest -> result.setManifestDigest(manifest.digest().toString())
                                .setManifestMediaType(manifest.mediaType())
                                .setManifestSize(manifest.size()));
        product.names().forEach(name -> result.addNames(name.toString()));
        built.difference().ifPresent(found -> result.setDifference(message(found)));
        return result.build();
    }

    private static BuildDifference message(Difference difference) {
        return BuildDifference.newBuilder()
                .setStep(difference.step().name())
                .setFile(difference.step().file())
                .setLine(difference.step().line())
                .setLayer(difference.layer())
                .setLayers(difference.layers())
                .setSteps(difference.steps())
                .setPath(difference.file().path())
                .setWhat(difference.file().what())
                .setHint(difference.hint())
                .build();
    }

    private static Output output(BuildOutput output, BuildOptions options) {
        return switch (output.getType()) {
            case TYPE_IMAGE -> new Output.Image(references(output.getNamesList()));
            case TYPE_LOCAL -> new Output.Files();
            case TYPE_TAR -> new Output.Tar();
            case TYPE_OCI -> archive(ArchiveOptions.Format.OCI, output, options);
            case TYPE_DOCKER -> archive(ArchiveOptions.Format.DOCKER, output, options);
            case TYPE_CACHE_ONLY -> new Output.Nothing();
            case TYPE_UNSPECIFIED, UNRECOGNIZED ->
                throw new InvalidInputException("wherryd does not know this type of output: is it older than wherry?");
        };
    }

    private static Output archive(ArchiveOptions.Format format, BuildOutput output, BuildOptions options) {
        List<String> names = new ArrayList<>(options.getTagsList());
        names.addAll(output.getNamesList());
        Compression compression = compression(output.getCompression());
        // Docker's own types have no place for annotations, and none for zstd.
        boolean oci = output.hasOciMediaTypes()
                ? output.getOciMediaTypes()
                : format == ArchiveOptions.Format.OCI
                        || options.getAnnotationsCount() > 0
                        || compression == Compression.ZSTD;
        return new Output.Archive(
                new ArchiveOptions(
                        format,
                        references(names).stream().distinct().toList(),
                        compression,
                        output.hasCompressionLevel()
                                ? OptionalInt.of(output.getCompressionLevel())
                                : OptionalInt.empty(),
                        output.getForceCompression(),
                        oci),
                output.getFolder());
    }

    static Compression compression(BuildOutput.Compression compression) {
        return switch (compression) {
            case COMPRESSION_UNCOMPRESSED -> Compression.UNCOMPRESSED;
            case COMPRESSION_ZSTD -> Compression.ZSTD;
            case COMPRESSION_GZIP, COMPRESSION_UNSPECIFIED, UNRECOGNIZED -> Compression.GZIP;
        };
    }

    private static List<Reference> references(List<String> names) {
        return names.stream().map(OutputMessages::reference).toList();
    }

    private static Reference reference(String name) {
        Reference reference = Reference.parse(name);
        if (reference.digest().isPresent()) {
            throw new InvalidInputException("cannot name an image \"" + name + "\": a name has no digest");
        }
        return reference;
    }
}

package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.client.builds.BuildOutputs;
import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildOutput;
import dev.wherry.v1.BuildResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about its outputs. */
public final class OutputFlags {
    private static final String SOURCE_DATE = "SOURCE_DATE_EPOCH";

    @Option(
            names = {"-t", "--tag"},
            paramLabel = "NAME[:TAG]",
            description = "Name of the image, with an optional tag; can be repeated")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Set metadata for the image")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--annotation",
            paramLabel = "KEY=VALUE",
            description = "Add an annotation to the manifest of the image")
    private List<String> annotations = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUTPUT",
            description = "Output destination: DIR, - or type=image|local|tar|oci|docker[,dest=...]; can be repeated")
    private List<String> outputs = new ArrayList<>();

    @Option(names = "--load", description = "Also store the image, as is done by default without --output")
    private boolean load;

    @Option(
            names = "--reproducible",
            description =
                    "Set all timestamps to SOURCE_DATE_EPOCH or a fixed date, so that equal inputs give an equal image")
    private boolean reproducible;

    @Option(names = "--verify", description = "Build twice and fail if the results differ")
    private boolean verify;

    @Option(names = "--iidfile", paramLabel = "FILE", description = "Write the image ID to a file")
    private String idFile = "";

    @Option(
            names = "--metadata-file",
            paramLabel = "FILE",
            description = "Write build result metadata to a file, as JSON")
    private String metadataFile = "";

    private List<OutputSpec> specs = List.of();

    /** @param environment may set a date for the result, as for other tools */
    public void into(BuildOptions.Builder options, Map<String, String> environment) {
        specs = new ArrayList<>();
        outputs.forEach(output -> specs.add(OutputSpec.parse(output)));
        boolean stored = specs.stream().anyMatch(spec -> spec.output().getType() == BuildOutput.Type.TYPE_IMAGE);
        if (load && !specs.isEmpty() && !stored) {
            specs.add(OutputSpec.parse("type=image"));
        }
        for (OutputSpec spec : specs) {
            options.addOutputs(spec.output().toBuilder().setCompare(spec.mayHaveFiles()))
                    .putAllAnnotations(spec.annotations());
        }
        String date = environment.getOrDefault(SOURCE_DATE, "");
        if (!date.isEmpty() && !options.containsBuildArgs(SOURCE_DATE)) {
            options.putBuildArgs(SOURCE_DATE, date);
        }
        options.addAllTags(tags)
                .putAllLabels(KeyValues.labels(labels))
                .putAllAnnotations(Annotations.of(annotations))
                .setReproducible(reproducible)
                .setVerify(verify);
    }

    /** Whether an output goes to standard output, so that nothing else may. */
    public boolean takesStdout() {
        return specs.stream().anyMatch(OutputFlags::isStdout);
    }

    private static boolean isStdout(OutputSpec spec) {
        return spec.isForClient()
                && !spec.isFolder()
                && (spec.destination().isEmpty() || spec.destination().equals(OutputSpec.STDOUT));
    }

    /**
     * Opens what the outputs go to, and removes what earlier builds left: it must not be taken for what this one made,
     * should it fail.
     */
    public BuildOutputs begin(Console console) throws IOException {
        if (specs.stream().filter(OutputFlags::isStdout).count() > 1) {
            throw new Failure("build: only one output can go to standard output");
        }
        if (takesStdout() && console.outIsTerminal()) {
            throw new Failure("build: the output would go to the terminal: give --output a dest=FILE, or redirect it");
        }
        for (String file : List.of(idFile, metadataFile)) {
            if (!file.isEmpty()) {
                Files.deleteIfExists(Path.of(file));
            }
        }
        BuildOutputs opened = new BuildOutputs();
        try {
            for (int i = 0; i < specs.size(); i++) {
                open(opened, i, specs.get(i), console);
            }
            return opened;
        } catch (IOException | RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    private static void open(BuildOutputs opened, int place, OutputSpec spec, Console console) throws IOException {
        if (!spec.isForClient()) {
            return;
        }
        if (isStdout(spec)) {
            opened.stdout(place, console.out());
        } else if (spec.isFolder()) {
            opened.folder(
                    place, Path.of(spec.destination()), warning -> console.err().println("WARNING: " + warning));
        } else {
            opened.file(place, Path.of(spec.destination()));
        }
    }

    /** Fails when a second build did not give the same, and says in what. */
    public void verified(BuildResult result, Console console) {
        if (result.hasDifference()) {
            VerifyReport.print(result.getDifference(), console.err());
            throw new Failure("build: not reproducible: " + VerifyReport.summary(result.getDifference()));
        }
    }

    public void finish(BuildResult result) throws IOException {
        if (!idFile.isEmpty()) {
            Files.writeString(Path.of(idFile), result.getImageId());
        }
        if (!metadataFile.isEmpty()) {
            Files.writeString(Path.of(metadataFile), BuildMetadata.json(result));
        }
    }

    /** Where the result is now, for the last line of a build. */
    public String made(BuildResult result) {
        List<String> places = new ArrayList<>();
        if (!result.getImageId().isEmpty()) {
            String as = result.getTagsCount() == 0 ? "" : " as " + String.join(", ", result.getTagsList());
            places.add(result.getImageId() + as);
        }
        specs.stream()
                .filter(spec -> spec.isForClient() && !isStdout(spec))
                .forEach(spec -> places.add(spec.destination()));
        return String.join(", ", places) + (verify ? "; a second build gave the same" : "");
    }
}

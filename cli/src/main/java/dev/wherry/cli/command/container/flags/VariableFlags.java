package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.command.KeyValues;
import dev.wherry.v1.CreateContainerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Environment variables, labels and annotations of a container. */
final class VariableFlags {
    @Mixin
    EnvironmentFlags environment = new EnvironmentFlags();

    @Option(
            names = {"-l", "--label"},
            paramLabel = "KEY[=VALUE]",
            description = "Set metadata on the container")
    List<String> labels = new ArrayList<>();

    @Option(names = "--label-file", paramLabel = "FILE", description = "Read in a file of labels, one on each line")
    List<String> labelFiles = new ArrayList<>();

    @Option(
            names = "--annotation",
            paramLabel = "KEY=VALUE",
            description = "Add an annotation to the container, which is passed to the OCI runtime")
    List<String> annotations = new ArrayList<>();

    /**
     * Adds them to a request; labels of files come first, so that the command line wins.
     *
     * @throws dev.wherry.cli.error.Failure when a value or a line of a file is malformed
     */
    void into(CreateContainerRequest.Builder request, Map<String, String> environment) {
        request.addAllEnv(this.environment.variables(environment));
        labelFiles.forEach(file -> request.putAllLabels(KeyValues.labels(KeyValues.file("--label-file", file))));
        for (String label : labels) {
            if (label.isEmpty() || label.startsWith("=")) {
                throw FlagValue.invalid("-l, --label", label, "invalid label '" + label + "': empty name");
            }
        }
        request.putAllLabels(KeyValues.labels(labels));
        for (String annotation : annotations) {
            if (annotation.indexOf('=') <= 0) {
                throw FlagValue.invalid("--annotation", annotation, "give it as KEY=VALUE");
            }
        }
        request.putAllAnnotations(KeyValues.map(annotations));
    }
}

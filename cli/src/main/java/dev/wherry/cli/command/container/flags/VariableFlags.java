package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.v1.CreateContainerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Variables, labels and annotations of a container. */
final class VariableFlags {
    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY[=VALUE]",
            description = "Set a variable; KEY alone takes the value it has here")
    List<String> env = new ArrayList<>();

    @Option(names = "--env-file", paramLabel = "FILE", description = "Set the variables in a file, one a line")
    List<String> envFiles = new ArrayList<>();

    @Option(
            names = {"-l", "--label"},
            paramLabel = "KEY[=VALUE]",
            description = "Label of the container")
    List<String> labels = new ArrayList<>();

    @Option(names = "--label-file", paramLabel = "FILE", description = "Labels in a file, one a line")
    List<String> labelFiles = new ArrayList<>();

    @Option(names = "--annotation", paramLabel = "KEY=VALUE", description = "Annotation that the OCI runtime is given")
    List<String> annotations = new ArrayList<>();

    /**
     * Files first, so that what the command line says wins.
     *
     * @throws dev.wherry.cli.error.Failure when a value or a line of a file is malformed
     */
    void into(CreateContainerRequest.Builder request, Map<String, String> environment) {
        envFiles.forEach(
                file -> request.addAllEnv(KeyValues.variables(KeyValues.file("--env-file", file), environment)));
        request.addAllEnv(KeyValues.variables(env, environment));
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

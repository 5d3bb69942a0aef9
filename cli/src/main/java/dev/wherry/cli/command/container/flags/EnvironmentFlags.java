package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.KeyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Environment variables of a container, or of a command that is executed in one. */
public final class EnvironmentFlags {
    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY[=VALUE]",
            description = "Set an environment variable; KEY alone takes its value from the environment")
    private List<String> env = new ArrayList<>();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Read in a file of environment variables, one on each line")
    private List<String> files = new ArrayList<>();

    /**
     * The variables: {@code KEY=VALUE} sets one, and {@code KEY} alone removes it from those of the image or container.
     * Those of files come first, so that the command line wins.
     *
     * @param environment gives {@code KEY} alone its value; without a value there, {@code --env} removes the variable,
     *     and a line of a file has no effect
     * @throws dev.wherry.cli.error.Failure if a value or a line of a file is malformed
     */
    public List<String> variables(Map<String, String> environment) {
        List<String> variables = new ArrayList<>();
        for (String file : files) {
            variables.addAll(KeyValues.set(KeyValues.file("--env-file", file), environment));
        }
        variables.addAll(KeyValues.variables(env, environment));
        return variables;
    }
}

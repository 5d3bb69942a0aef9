package dev.wherry.cli.client.builds;

import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The secrets and SSH agents that the client exposes to the steps of a build.
 *
 * @param secrets by their ids
 * @param agents by their ids
 */
public record StepSecrets(Map<String, Secret> secrets, Map<String, Agent> agents) {

    /** Nothing. */
    public static final StepSecrets NONE = new StepSecrets(Map.of(), Map.of());

    /** The largest secret, in bytes. */
    public static final int LARGEST_SECRET = 500 << 10;

    public StepSecrets {
        secrets = Map.copyOf(secrets);
        agents = Map.copyOf(agents);
    }

    /** The source of a secret, which is read each time that a step needs it. */
    public sealed interface Secret {

        /** In a file. */
        record InFile(Path path) implements Secret {}

        /** In a variable of the environment. */
        record InVariable(String value) implements Secret {}

        /** @throws Failure when it is larger than {@link #LARGEST_SECRET} */
        default byte[] read() throws IOException {
            return switch (this) {
                case InVariable variable -> variable.value().getBytes(StandardCharsets.UTF_8);
                case InFile file -> {
                    try (var in = Files.newInputStream(file.path())) {
                        byte[] content = in.readNBytes(LARGEST_SECRET + 1);
                        if (content.length > LARGEST_SECRET) {
                            throw new Failure(file.path() + " is larger than 500 KiB");
                        }
                        yield content;
                    }
                }
            };
        }
    }

    /** An SSH agent. */
    public sealed interface Agent {

        /** A running agent that listens on this socket. */
        record AtSocket(Path path) implements Agent {}

        /** An agent that is started for the build with these keys. */
        record WithKeys(List<Path> files) implements Agent {}
    }
}

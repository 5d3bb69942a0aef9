package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.client.builds.StepSecrets;
import dev.wherry.cli.client.builds.StepSecrets.Agent;
import dev.wherry.cli.client.builds.StepSecrets.Secret;
import dev.wherry.cli.command.CsvFields;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} that expose secrets and SSH agents to its steps. */
public final class SecretFlags {
    private static final int SOCKET = 0140000;
    private static final int TYPE = 0170000;

    @Option(
            names = "--secret",
            paramLabel = "id=ID[,src=FILE|,env=NAME]",
            description = "Secret to expose to the build; can be repeated")
    private List<String> secrets = new ArrayList<>();

    @Option(
            names = "--ssh",
            paramLabel = "default|ID[=SOCKET|KEY,…]",
            description = "SSH agent socket or keys to expose to the build")
    private List<String> agents = new ArrayList<>();

    public StepSecrets offers(Map<String, String> environment) {
        Map<String, Secret> bySecret = new HashMap<>();
        secrets.forEach(value -> addSecret(value, environment, bySecret));
        Map<String, Agent> byAgent = new HashMap<>();
        agents.forEach(value -> addAgent(value, environment, byAgent));
        return new StepSecrets(bySecret, byAgent);
    }

    public static void into(StepSecrets offers, BuildOptions.Builder options) {
        options.addAllSecretIds(offers.secrets().keySet())
                .addAllAgentIds(offers.agents().keySet());
    }

    private static void addSecret(String value, Map<String, String> environment, Map<String, Secret> into) {
        Map<String, String> fields = CsvFields.parse("--secret", value, List.of("id", "src", "source", "env", "type"));
        String id = fields.getOrDefault("id", "");
        String file = fields.getOrDefault("src", fields.getOrDefault("source", ""));
        String variable = fields.getOrDefault("env", "");
        String type = fields.getOrDefault("type", "");
        if (!List.of("", "file", "env").contains(type)) {
            throw new Failure("--secret " + value + ": type is file or env");
        }
        if (id.isEmpty()) {
            throw new Failure("--secret " + value + ": give it an id, as in --secret id=token,src=token.txt");
        }
        if (!file.isEmpty() && !variable.isEmpty()) {
            throw new Failure("--secret " + value + ": give src or env, not both");
        }
        if (type.equals("env") && variable.isEmpty()) {
            variable = file.isEmpty() ? id : file;
            file = "";
        }
        if (file.isEmpty() && variable.isEmpty() && !type.equals("file") && environment.containsKey(id)) {
            variable = id;
        }
        into.put(
                id,
                variable.isEmpty()
                        ? inFile(value, file.isEmpty() ? id : file)
                        : inVariable(value, variable, environment));
    }

    private static Secret inVariable(String flag, String name, Map<String, String> environment) {
        if (!environment.containsKey(name)) {
            throw new Failure("--secret " + flag + ": the variable " + name + " is not set");
        }
        return new Secret.InVariable(environment.get(name));
    }

    private static Secret inFile(String flag, String file) {
        Path path = Path.of(file).toAbsolutePath();
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new Failure("--secret " + flag + ": " + file
                    + (Files.isDirectory(path)
                            ? " is a directory"
                            : Files.exists(path) ? " cannot be read" : " not found"));
        }
        return new Secret.InFile(path);
    }

    private static void addAgent(String value, Map<String, String> environment, Map<String, Agent> into) {
        String[] parts = value.split("=", 2);
        String id = parts[0].isEmpty() ? "default" : parts[0];
        List<String> paths = parts.length < 2 || parts[1].isEmpty()
                ? List.of(environment.getOrDefault("SSH_AUTH_SOCK", ""))
                : Arrays.asList(parts[1].split(","));
        if (paths.equals(List.of(""))) {
            throw new Failure("--ssh " + value
                    + ": no SSH agent runs here (SSH_AUTH_SOCK is not set): start one, or name a socket or a key file");
        }
        List<Path> files =
                paths.stream().map(path -> Path.of(path).toAbsolutePath()).toList();
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new Failure("--ssh " + value + ": " + file + " not found");
            }
        }
        if (files.stream().anyMatch(SecretFlags::isSocket)) {
            if (files.size() > 1) {
                throw new Failure("--ssh " + value + ": give one socket, or key files");
            }
            into.put(id, new Agent.AtSocket(files.getFirst()));
        } else {
            into.put(id, new Agent.WithKeys(files));
        }
    }

    private static boolean isSocket(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & TYPE) == SOCKET;
        } catch (IOException e) {
            return false;
        }
    }
}

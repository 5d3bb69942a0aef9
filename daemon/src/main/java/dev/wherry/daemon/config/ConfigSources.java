package dev.wherry.daemon.config;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the configuration comes from. Flags and environment stay what they were when the daemon was started; the file is
 * read anew each time.
 */
public final class ConfigSources {

    private static final Path STANDARD_FILE = Path.of("/etc/wherry/wherryd.yaml");
    private static final String FILE_VARIABLE = "WHERRY_CONFIG";

    private final Map<ConfigKey, String> flags;
    private final Map<String, String> environment;
    private final Optional<Path> named;
    private final Optional<NamespaceName> namespace;

    /** For the first daemon. */
    public ConfigSources(Map<ConfigKey, String> flags, Map<String, String> environment, Optional<Path> file) {
        this(flags, environment, file, Optional.empty());
    }

    /**
     * @param flags of a checked form
     * @param file as a flag names it; else the environment may, else it is the usual one, which need not be there
     * @param namespace that the daemon serves, whose folders are below those of the first daemon
     */
    public ConfigSources(
            Map<ConfigKey, String> flags,
            Map<String, String> environment,
            Optional<Path> file,
            Optional<NamespaceName> namespace) {
        this.namespace = namespace;
        this.flags = Map.copyOf(flags);
        this.environment = Map.copyOf(environment);
        this.named = file.or(() -> variable(FILE_VARIABLE).map(Path::of)).map(Path::toAbsolutePath);
    }

    /** The file that is read. */
    public Path file() {
        return named.orElse(STANDARD_FILE);
    }

    /** Whether that file is there. */
    public boolean hasFile() {
        return Files.exists(file());
    }

    /**
     * Reads the file, and puts all together.
     *
     * @throws InvalidInputException when something is wrong; the message has a line for each mistake, with its place
     */
    public Configuration load() {
        List<String> problems = new ArrayList<>();
        ConfigFile file = read(problems);
        Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
        for (ConfigKey key : ConfigKey.values()) {
            Optional<String> variable = variable(key.variable());
            variable.flatMap(text -> problem(key, text)).ifPresent(problems::add);
            values.put(
                    key,
                    Optional.ofNullable(flags.get(key))
                            .or(() -> variable)
                            .or(() -> file.value(key))
                            .orElse(key.standard()));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(String.join("\n", problems));
        }
        namespace.ifPresent(_ -> narrow(values));
        return checked(new Configuration(values, namespace));
    }

    /** What reaches the first daemon from outside stays there. */
    private static void narrow(Map<ConfigKey, String> values) {
        for (ConfigKey key :
                List.of(ConfigKey.SOCKET, ConfigKey.LISTEN, ConfigKey.DOCKER_LISTEN, ConfigKey.CRI_SOCKET)) {
            values.put(key, "");
        }
        values.put(ConfigKey.DOCKER_SOCKET, Configuration.NO_SOCKET);
        values.put(ConfigKey.CRI, "false");
    }

    /** Some values are right or wrong only together. */
    private static Configuration checked(Configuration configuration) {
        check(ConfigKey.LOG_OPTIONS, () -> LogOptions.of(configuration.logs()));
        check(ConfigKey.ROLES, configuration::access);
        return configuration;
    }

    private static void check(ConfigKey key, Supplier<?> values) {
        try {
            values.get();
        } catch (InvalidInputException wrong) {
            throw new InvalidInputException(key.key() + ": " + wrong.getMessage());
        }
    }

    private ConfigFile read(List<String> problems) {
        try {
            return ConfigFile.read(file(), named.isPresent());
        } catch (InvalidInputException mistakes) {
            problems.add(mistakes.getMessage());
            return new ConfigFile(file(), false, Map.of());
        }
    }

    /** What the environment says; a variable that is set to nothing says nothing. */
    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<String> problem(ConfigKey key, String text) {
        List<String> values = key.form().isMany() ? ValueForm.many(text) : List.of(text);
        return values.stream()
                .flatMap(value -> key.form().problem(value).stream())
                .findFirst()
                .map(wrong -> key.variable() + ": " + wrong);
    }
}

package dev.wherry.cli.command.login;

import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.v1.RegistryLogin;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The logins of this user, where docker keeps them: in its configuration file, or with the programs that this file names.
 * They go to the daemon with the calls that need them.
 */
public final class StoredLogins {
    private final Map<String, String> environment;
    private final Consumer<String> warnings;

    /** The logins that the environment of the console leads to. */
    public StoredLogins(Console console) {
        this(console.environment(), console::warning);
    }

    /**
     * @param environment names the configuration file and the programs
     * @param warnings told what cannot be read where a call may do without
     */
    StoredLogins(Map<String, String> environment, Consumer<String> warnings) {
        this.environment = environment;
        this.warnings = warnings;
    }

    /** The login for the registry of a reference, if there is one. */
    public List<RegistryLogin> forReference(String reference) {
        return forReferences(reference);
    }

    /** The logins for the registries of several references, as far as there are any. */
    public List<RegistryLogin> forReferences(String... references) {
        return forHosts(Arrays.stream(references).map(RegistryHost::ofReference));
    }

    /** The logins for registries, named as references name them, as far as there are any. */
    public List<RegistryLogin> forRegistries(List<String> hosts) {
        return forHosts(hosts.stream().map(RegistryHost::of));
    }

    private List<RegistryLogin> forHosts(Stream<RegistryHost> hosts) {
        return hosts.distinct()
                .flatMap(host ->
                        readable(() -> find(host).map(login -> login.message(host)).stream()
                                        .toList())
                                .stream())
                .toList();
    }

    /** Whether there may be a login at all; no program is asked. */
    public boolean mayHaveSome() {
        return !readable(() -> DockerConfig.read(environment).isWithoutLogins() ? List.of() : List.of(true))
                .isEmpty();
    }

    /** Most registries let everybody read: what cannot be read is no reason not to ask. */
    private <T> List<T> readable(Supplier<List<T>> read) {
        try {
            return read.get();
        } catch (Failure failure) {
            warnings.accept(failure.getMessage());
            return List.of();
        }
    }

    Optional<StoredLogin> find(RegistryHost host) {
        return find(DockerConfig.read(environment), host);
    }

    private Optional<StoredLogin> find(DockerConfig config, RegistryHost host) {
        String program = config.program(host);
        if (!program.isEmpty()) {
            return program(program).get(host.key());
        }
        return keys(config, host).stream()
                .map(config.auths()::get)
                .filter(Map.class::isInstance)
                .flatMap(entry -> StoredLogin.of((Map<?, ?>) entry).stream())
                .findFirst();
    }

    /** The keys in the file that mean a registry, the one that docker writes first. */
    private static List<String> keys(DockerConfig config, RegistryHost host) {
        return config.auths().keySet().stream()
                .filter(key -> RegistryHost.of(key).equals(host))
                .sorted(java.util.Comparator.comparing(key -> !key.equals(host.key())))
                .toList();
    }

    /**
     * Keeps a login.
     *
     * @return the file that it is in unencrypted; empty when a program has it
     */
    Optional<java.nio.file.Path> store(RegistryHost host, StoredLogin login) {
        DockerConfig config = DockerConfig.read(environment);
        Map<String, Object> auths = config.auths();
        String program = config.program(host);
        if (program.isEmpty()) {
            Object before = auths.get(host.key());
            auths.put(host.key(), login.entry(before instanceof Map<?, ?> entry ? entry : Map.of()));
        } else {
            program(program).store(host.key(), login);
            auths.put(host.key(), Map.of());
        }
        config.auths(auths);
        return program.isEmpty() ? Optional.of(config.file()) : Optional.empty();
    }

    /** Forgets a login; says whether there was one. */
    boolean erase(RegistryHost host) {
        DockerConfig config = DockerConfig.read(environment);
        Map<String, Object> auths = config.auths();
        String program = config.program(host);
        boolean known = auths.keySet().removeAll(keys(config, host));
        if (!program.isEmpty()) {
            known |= program(program).get(host.key()).isPresent();
            program(program).erase(host.key());
        }
        if (known) {
            config.auths(auths);
        }
        return known;
    }

    private CredentialProgram program(String name) {
        return new CredentialProgram(name, environment);
    }
}

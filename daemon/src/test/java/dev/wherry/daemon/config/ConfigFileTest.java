package dev.wherry.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.network.AddressPool;
import dev.wherry.daemon.registry.RegistrySettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

    private static final Path TEMPLATE = Path.of("src/main/host/wherryd.yaml");

    @TempDir
    Path folder;

    private Configuration load(String text) throws IOException {
        return sources(text, Map.of(), Map.of()).load();
    }

    private ConfigSources sources(String text, Map<ConfigKey, String> flags, Map<String, String> environment)
            throws IOException {
        return new ConfigSources(
                flags, environment, Optional.of(Files.writeString(folder.resolve("wherryd.yaml"), text)));
    }

    private String problems(String text) {
        return catchThrowable(() -> load(text)).getMessage().replace(folder + "/", "");
    }

    @Test
    void theDefaultLogIsReadAndChecked() throws IOException {
        assertThat(load("log-driver: local\nlog-opts:\n  max-size: 1m\n  max-file: '2'\n")
                        .logs())
                .isEqualTo(new LogConfig("local", Map.of("max-size", "1m", "max-file", "2")));
        assertThat(load("").logs()).isEqualTo(LogConfig.DEFAULT);
        assertThat(problems("log-driver: syslog\n"))
                .isEqualTo("wherryd.yaml:1: log-driver: \"syslog\" is not one of json-file, local, journald, none");
        assertThat(problems("log-driver: journald\nlog-opts:\n  max-size: 1m\n"))
                .isEqualTo("log-opts: unknown log opt 'max-size' for journald log driver");
        assertThat(problems("log-opts:\n  max-size: lots\n")).startsWith("log-opts: invalid value 'lots'");
    }

    @Test
    void addressesToListenOnAreRead() throws IOException {
        assertThat(load("listen: [tcp://0.0.0.0:2377, 'tcp://[::1]:2378', tcp://build1.example.org:0]\n")
                        .listen())
                .containsExactly(
                        InetSocketAddress.createUnresolved("0.0.0.0", 2377),
                        InetSocketAddress.createUnresolved("::1", 2378),
                        InetSocketAddress.createUnresolved("build1.example.org", 0));
        for (String wrong : List.of("tcp://a", "http://a:1", "a:1", "tcp://:1", "tcp://a:65536", "tcp://a:1/")) {
            assertThat(problems("listen: ['" + wrong + "']\n"))
                    .isEqualTo("wherryd.yaml:1: listen: \"" + wrong + "\" is not of the form tcp://HOST:PORT");
        }
    }

    @Test
    void everyKeyIsRead() throws IOException {
        Configuration configuration = load("""
                root: /srv/wherry
                run-root: /run/w2
                socket: /run/w2.sock
                runtime: crun
                registry: registry.example.org:5000
                registry-mirrors:
                  docker.io: [cache:5000/hub, second:5000]
                  quay.io/team: other.example.org/mine
                insecure-registries: [plain:5000, "[::1]:80"]
                blocked-registries: [bad.example.org]
                registry-certs: /srv/certs
                default-address-pools:
                  10.10.0.0/16: 24
                  "fd00:1::/48": 64
                log-level: DEBUG
                shutdown-grace: 1m
                """);

        assertThat(configuration.path(ConfigKey.ROOT)).contains(Path.of("/srv/wherry"));
        assertThat(configuration.path(ConfigKey.SOCKET)).contains(Path.of("/run/w2.sock"));
        assertThat(configuration.text(ConfigKey.RUNTIME)).isEqualTo("crun");
        assertThat(configuration.registries().mirrors())
                .containsExactly(
                        new RegistrySettings.Mirror("docker.io", "cache:5000/hub"),
                        new RegistrySettings.Mirror("docker.io", "second:5000"),
                        new RegistrySettings.Mirror("quay.io/team", "other.example.org/mine"));
        assertThat(configuration.registries().blocked()).containsExactly("bad.example.org");
        assertThat(configuration.registries().certificates()).isEqualTo(Path.of("/srv/certs"));
        assertThat(configuration.registries().insecure()).containsExactlyInAnyOrder("plain:5000", "[::1]:80");
        assertThat(configuration.addressPools().pools())
                .containsExactly(AddressPool.parse("10.10.0.0/16=24"), AddressPool.parse("fd00:1::/48=64"));
        assertThat(configuration.logLevel()).isEqualTo(LogLevel.DEBUG);
        assertThat(configuration.shutdownGrace()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void callersAndRolesAreReadInOrder() throws IOException {
        AccessSettings access = load("""
                roles:
                  user:alice: operator
                  cn:*.ci.example.org: builder
                  user:bob: reader
                operator-paths: [/srv/data/]
                builder-repositories: [registry.example.org/team, "localhost:5000/x/"]
                """).access();

        assertThat(access.bindings())
                .containsExactly(
                        new RoleBinding(RoleBinding.Kind.USER, "alice", Role.OPERATOR),
                        new RoleBinding(RoleBinding.Kind.CN, "*.ci.example.org", Role.BUILDER),
                        new RoleBinding(RoleBinding.Kind.USER, "bob", Role.READER));
        assertThat(access.hostPaths()).containsExactly(Path.of("/srv/data"));
        assertThat(access.repositories()).containsExactly("registry.example.org/team", "localhost:5000/x/");
        assertThat(load("").access()).isEqualTo(AccessSettings.DEFAULT);
    }

    @Test
    void aNamespaceHasOneSize() {
        assertThat(problems("""
                roles:
                  user:alice: operator namespace=red disk=1g
                  user:bob: operator namespace=red disk=2g
                """)).isEqualTo("roles: the namespace red has two sizes: give disk=SIZE once");
    }

    @Test
    void whatReachesTheFirstDaemonFromOutsideIsNotForThoseOfNamespaces() throws IOException {
        Path file = Files.writeString(folder.resolve("wherryd.yaml"), """
                listen: [tcp://0.0.0.0:2377]
                docker-listen: [tcp://0.0.0.0:2376]
                socket: /run/wherry/other.sock
                registry: registry.example.org
                """);
        Optional<NamespaceName> red = Optional.of(new NamespaceName("red"));

        Configuration configuration =
                new ConfigSources(Map.of(ConfigKey.LISTEN, "tcp://[::]:1"), Map.of(), Optional.of(file), red).load();

        assertThat(configuration.listen()).isEmpty();
        assertThat(configuration.dockerListen()).isEmpty();
        assertThat(configuration.path(ConfigKey.SOCKET)).isEmpty();
        assertThat(configuration.registries().defaultRegistry()).isEqualTo("registry.example.org");
        assertThat(configuration.access().namespace()).isEqualTo(red);
    }

    @Test
    void timesAreReadAsGoReadsThem() throws IOException {
        assertThat(load("shutdown-grace: 1m30.5s\n").shutdownGrace()).isEqualTo(Duration.ofMillis(90_500));
        assertThat(load("shutdown-grace: 20\n").shutdownGrace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(ValueForm.duration("60d")).contains(Duration.ofDays(60));
        assertThat(ValueForm.duration("-1s")).isEmpty();
        assertThat(ValueForm.AGE.problem("36h30m")).isEmpty();
    }

    @Test
    void emptyFileSetsNothing() throws IOException {
        assertThat(load("# nothing\n").differing(load(""))).isEmpty();
        assertThat(load("").path(ConfigKey.ROOT)).contains(Path.of("/var/lib/wherry"));
        assertThat(load("").path(ConfigKey.SOCKET)).isEmpty();
    }

    @Test
    void flagWinsOverEnvironmentOverFileOverDefault() throws IOException {
        String file = "registry: of.file\nruntime: of-file\nlog-level: warn\n";
        Configuration configuration = sources(
                        file,
                        Map.of(ConfigKey.REGISTRY, "of.flag"),
                        Map.of("WHERRY_REGISTRY", "of.environment", "WHERRY_RUNTIME", "of-environment"))
                .load();

        assertThat(configuration.text(ConfigKey.REGISTRY)).isEqualTo("of.flag");
        assertThat(configuration.text(ConfigKey.RUNTIME)).isEqualTo("of-environment");
        assertThat(configuration.text(ConfigKey.LOG_LEVEL)).isEqualTo("warn");
        assertThat(configuration.text(ConfigKey.ROOT)).isEqualTo("/var/lib/wherry");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "registri: docker.io|wherryd.yaml:1: unknown key \"registri\" (did you mean registry?)",
                "nothing-like-it: 1|wherryd.yaml:1: unknown key \"nothing-like-it\"",
                "log-level: loud|wherryd.yaml:1: log-level: \"loud\" is not one of error, warn, info, debug, trace",
                "shutdown-grace: soon|wherryd.yaml:1: shutdown-grace: \"soon\" is not a time of at most an hour, such as 10s or 2m",
                "shutdown-grace: 2h|wherryd.yaml:1: shutdown-grace: \"2h\" is not a time of at most an hour, such as 10s or 2m",
                "root: somewhere|wherryd.yaml:1: root: \"somewhere\" is not an absolute path",
                "root: [/a]|wherryd.yaml:1: root must be one value, not a list",
                "root:|wherryd.yaml:1: root has no value",
                "insecure-registries: a:1|wherryd.yaml:1: insecure-registries must be a list, not one value",
                "insecure-registries: [[a]]|wherryd.yaml:1: insecure-registries must hold words, not a list",
                "insecure-registries: {a: b}|wherryd.yaml:1: insecure-registries must be a list, not a mapping",
                "registry-mirrors: [a]|wherryd.yaml:1: registry-mirrors must be a mapping of hosts to mirrors, not a list",
                "registry: http://x|wherryd.yaml:1: registry: \"http://x\" is not a registry, HOST or HOST:PORT",
                "roles: [a]|wherryd.yaml:1: roles must be a mapping of callers to roles, not a list",
                "roles: {alice: admin}|wherryd.yaml:1: roles: \"alice\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback",
                "roles: {user:alice: king}|wherryd.yaml:1: roles: \"king\" is not a role: use one of admin, operator, builder, reader",
                "operator-paths: [srv]|wherryd.yaml:1: operator-paths: \"srv\" is not an absolute path",
                "builder-repositories: [a b]|wherryd.yaml:1: builder-repositories: \"a b\" is not a registry with the beginning of a repository, HOST/PREFIX",
                "default-address-pools: [10.0.0.0/8]|wherryd.yaml:1: default-address-pools must be a mapping of ranges to prefixes, not a list",
                "default-address-pools: {10.0.0.0/8: 4}|wherryd.yaml:1: default-address-pools: address pool 10.0.0.0/8 cannot be cut into ranges of /4: choose a prefix from 8 to 30",
                "- root|wherryd.yaml:1: settings are lines of the form KEY: VALUE",
                "root|wherryd.yaml:1: settings are lines of the form KEY: VALUE",
                "? [root]|wherryd.yaml:1: a key must be a word",
            })
    void mistakesAreNamedWithTheirPlace(String text, String problem) {
        assertThat(problems(text)).isEqualTo(problem);
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertThat(problems("""
                        rot: /srv
                        runtime: runc
                        runtime: crun
                        insecure-registries:
                          - fine:5000
                          - not fine
                        registry-mirrors:
                          docker.io: "a b"
                        """).lines())
                .containsExactly(
                        "wherryd.yaml:1: unknown key \"rot\" (did you mean root?)",
                        "wherryd.yaml:3: runtime is set in line 2 already",
                        "wherryd.yaml:6: insecure-registries: \"not fine\" is not a registry, HOST or HOST:PORT",
                        "wherryd.yaml:8: registry-mirrors: \"docker.io=a b\" is not of the form HOST=MIRROR");
    }

    @Test
    void brokenYamlIsNamedWithItsLine() {
        assertThat(problems("root: /a\nlog-level: [info\n")).startsWith("wherryd.yaml:");
        assertThat(problems("root: /a\n\tlog-level: info\n")).startsWith("wherryd.yaml:2: ");
        assertThat(problems("root: /a\n---\nroot: /b\n")).startsWith("wherryd.yaml:");
    }

    @Test
    void fileThatIsNoTextIsRefused() throws IOException {
        Path file = folder.resolve("wherryd.yaml");
        Files.write(file, new byte[] {'a', (byte) 0xff});
        assertThatThrownBy(() -> ConfigFile.read(file, true)).hasMessage(file + " is not UTF-8 text");
        Files.writeString(file, "#".repeat(ConfigFile.MAX_BYTES + 1));
        assertThatThrownBy(() -> ConfigFile.read(file, true)).hasMessage(file + " is larger than 64 KiB");
        assertThatThrownBy(() -> ConfigFile.read(folder, true)).hasMessage(folder + " is not a file");
    }

    @Test
    void aliasesAndDepthAreBounded() {
        assertThat(problems("root: " + "[".repeat(20_000)))
                .startsWith("wherryd.yaml")
                .hasSizeLessThan(300);
        assertThat(problems("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"))
                .startsWith("wherryd.yaml")
                .hasSizeLessThan(300);
    }

    @Property(tries = 2000)
    void anyTextIsReadOrRefused(@ForAll @StringLength(max = 60) String text) {
        try {
            new ConfigParser(Path.of("f")).parse(text);
        } catch (InvalidInputException refused) {
            assertThat(refused.getMessage()).startsWith("f:");
        }
    }

    @Test
    void namedFileMustBeThereAndTheUsualOneNeedNot() {
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> ConfigFile.read(missing, true))
                .hasMessage("there is no configuration file " + missing);
        assertThat(ConfigFile.read(missing, false).present()).isFalse();
        ConfigSources sources =
                new ConfigSources(Map.of(), Map.of("WHERRY_CONFIG", missing.toString()), Optional.empty());
        assertThatThrownBy(sources::load).hasMessage("there is no configuration file " + missing);
    }

    @Test
    void mistakesOfTheEnvironmentNameTheVariable() {
        ConfigSources sources = new ConfigSources(Map.of(), Map.of("WHERRY_LOG_LEVEL", "loud"), Optional.empty());

        assertThatThrownBy(sources::load)
                .hasMessageContaining("WHERRY_LOG_LEVEL: \"loud\" is not one of error, warn, info, debug, trace");
    }

    @Test
    void onlyLiveKeysAreApplied() throws IOException {
        Configuration before = load("root: /a\nlog-level: info\n");
        Configuration wanted = load("root: /b\nlog-level: debug\n");

        assertThat(before.differing(wanted)).containsExactly(ConfigKey.ROOT, ConfigKey.LOG_LEVEL);
        Configuration after = before.applied(wanted);
        assertThat(after.text(ConfigKey.ROOT)).isEqualTo("/a");
        assertThat(after.text(ConfigKey.LOG_LEVEL)).isEqualTo("debug");
        assertThat(after.differing(wanted)).containsExactly(ConfigKey.ROOT);
    }

    @Test
    void templateSetsNothingAndNamesEveryKeyWithItsDefault() throws IOException {
        String template = Files.readString(TEMPLATE);
        assertThat(load(template).differing(load(""))).isEmpty();

        List<String> uncommented = template.lines()
                .map(line -> line.matches("#( \\S.*)?") ? line : line.replaceFirst("^#", ""))
                .toList();
        ConfigFile file = ConfigFile.read(Files.write(folder.resolve("uncommented.yaml"), uncommented), true);

        assertThat(file.values().keySet()).containsExactlyInAnyOrder(ConfigKey.values());
        assertThat(uncommented.stream()
                        .filter(line -> line.matches("[a-z.-]+:.*"))
                        .map(line -> line.replaceFirst(":.*", "")))
                .containsExactlyElementsOf(
                        Arrays.stream(ConfigKey.values()).map(ConfigKey::key).toList());
        for (ConfigKey key : ConfigKey.values()) {
            if (!key.standard().isEmpty()) {
                assertThat(file.value(key)).contains(key.standard());
            }
        }
    }
}

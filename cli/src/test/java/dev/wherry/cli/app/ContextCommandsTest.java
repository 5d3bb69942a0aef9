package dev.wherry.cli.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.cli.view.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code wherry context}, and which daemon a command line means. */
class ContextCommandsTest {
    private static final Path FILES = Path.of("src/test/resources/tls");
    private static final String METADATA =
            "{\"Name\":\"x\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\"unix:///x.sock\"}}}";

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = new byte[0];
    private String out = "";
    private String err = "";

    @BeforeEach
    void home() {
        environment.put("HOME", folder.toString());
    }

    @Test
    void contextsAreListedWithTheCurrentOneMarked() {
        assertThat(run("context", "create", "lab", "--description", "Tests", "--host", "unix:///lab.sock"))
                .isZero();
        assertThat(out).isEqualTo("lab\n");
        assertThat(err).isEqualTo("Successfully created context \"lab\"\n");
        assertThat(run("context", "use", "lab")).isZero();
        assertThat(out).isEqualTo("lab\n");
        assertThat(err).isEqualTo("Current context is now \"lab\"\n");

        assertThat(run("context", "ls")).isZero();
        assertThat(out).isEqualTo("""
                        NAME      DESCRIPTION                               DOCKER ENDPOINT                   ERROR
                        default   Current WHERRY_HOST based configuration   unix:///run/wherry/wherryd.sock  \s
                        lab *     Tests                                     unix:///lab.sock                 \s
                        """);
        assertThat(run("context", "ls", "-q")).isZero();
        assertThat(out).isEqualTo("default\nlab\n");
        assertThat(run("context", "ls", "--format", "{{.Name}}={{.Current}}")).isZero();
        assertThat(out).isEqualTo("default=false\nlab=true\n");
        assertThat(run("context", "show")).isZero();
        assertThat(out).isEqualTo("lab\n");
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, -, /run/wherry/wherryd.sock",
                "-, -, -, one, /one.sock",
                "-, -, two, one, /two.sock",
                "-, unix:///env.sock, two, one, /env.sock",
                "--context=one, unix:///env.sock, two, two, /one.sock",
                "-cone, unix:///env.sock, -, -, /one.sock",
                "-Hunix:///flag.sock, unix:///env.sock, two, one, /flag.sock",
                "--context=default, unix:///env.sock, -, one, /env.sock",
                "--context=default, -, -, one, /run/wherry/wherryd.sock",
            })
    void whatIsNearerToTheCommandWins(String flag, String host, String context, String used, String socket) {
        run("context", "create", "one", "--docker", "host=unix:///one.sock");
        run("context", "create", "two", "--docker", "host=unix:///two.sock");
        if (used != null) {
            run("context", "use", used);
        }
        if (host != null) {
            environment.put("WHERRY_HOST", host);
        }
        if (context != null) {
            environment.put("WHERRY_CONTEXT", context);
        }

        List<String> words =
                Stream.concat(Stream.ofNullable(flag), Stream.of("ps")).toList();
        run(words.toArray(String[]::new));
        // A daemon may run on this host.
        assertThat(err.isEmpty() ? "unix:///run/wherry/wherryd.sock: " : err).contains("unix://" + socket + ": ");
    }

    @Test
    void hostOfTheEnvironmentIsSaidToOverride() {
        run("context", "create", "lab", "--host", "unix:///lab.sock");
        environment.put("WHERRY_HOST", "unix:///env.sock");

        assertThat(run("context", "use", "lab")).isZero();
        assertThat(err)
                .isEqualTo("Current context is now \"lab\"\n"
                        + "Warning: WHERRY_HOST environment variable overrides the active context. To use \"lab\", either"
                        + " set the global --context flag, or unset WHERRY_HOST environment variable.\n");
        assertThat(run("context", "ls")).isZero();
        assertThat(out).contains("default *   Current WHERRY_HOST based configuration   unix:///env.sock");
        assertThat(err)
                .isEqualTo("Warning: WHERRY_HOST environment variable overrides the active context. To use a context,"
                        + " either set the global --context flag, or unset WHERRY_HOST environment variable.\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "context use none~context \"none\" not found",
                "-c none ps~context \"none\" not found",
                "-c ../../etc ps~context name \"../../etc\" is invalid, names are validated against regexp \"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$\"",
                "-c lab -H unix:///a ps~conflicting options: cannot specify both --host and --context",
                "context create lab --host unix:///a~context \"lab\" already exists",
                "context create default --host unix:///a~\"default\" is a reserved context name",
                "context create a/b --host unix:///a~context name \"a/b\" is invalid, names are validated against regexp \"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$\"",
                "context create new~docker endpoint configuration is required: give --host or --from",
                "context create new --host nonsense~\"nonsense\" is not the address of a daemon: give unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT][/PATH]",
                "context create new --docker nope=1~--docker nope=1: \"nope\" is not one of from, host, ca, cert, key, tls, skip-tls-verify",
                "context create new --host tcp://h --ca ca.pem~TLS needs a CA, a certificate and a key, and --cert is not given",
                "context create new --host tcp://h~context \"new\" has no certificates: give --ca, --cert and --key",
                "context create new --docker host=tcp://h,tls=false~tcp://h:2377 needs TLS: only an address of the loopback interface can be used without it",
                "context create new --docker host=tcp://h,skip-tls-verify=true~skip-tls-verify is not supported: a daemon that is reached by TCP is always verified",
                "context create new --from none~context \"none\" not found",
                "context update none --description a~context \"none\" not found",
                "context inspect none~context \"none\" not found",
                "context rm default~context \"default\" cannot be removed",
                "context rm lab~context \"lab\" is in use, set -f flag to force remove",
                "context export none~context \"none\" not found",
            })
    void mistakesAreNamed(String line, String sentence) {
        run("context", "create", "lab", "--host", "unix:///lab.sock");
        run("context", "use", "lab");

        assertThat(run(line.split(" "))).isEqualTo(1);
        assertThat(err).isEqualTo("wherry: " + sentence + "\n");
    }

    @Test
    void contextThatIsGoneIsShownAndCanBeLeft() throws IOException {
        Files.createDirectories(folder.resolve(".wherry"));
        Files.writeString(folder.resolve(".wherry/config.json"), "{\"currentContext\": \"gone\", \"other\": [1]}");

        assertThat(run("ps")).isEqualTo(1);
        assertThat(err).isEqualTo("wherry: context \"gone\" not found\n");
        assertThat(run("context", "ls")).isZero();
        assertThat(out).contains("gone *").contains("context \"gone\" not found");
        assertThat(run("context", "inspect")).isEqualTo(1);
        assertThat(err).isEqualTo("wherry: context \"gone\" not found\n");

        assertThat(run("context", "use", "default")).isZero();
        assertThat(Files.readString(folder.resolve(".wherry/config.json")))
                .doesNotContain("gone")
                .contains("\"other\"");
    }

    @Test
    void filesForTlsAreCopiedForTheOwnerAlone() throws Exception {
        create("build1");
        Path kept = folder.resolve(".wherry/contexts/tls").resolve(id("build1")).resolve("docker");

        assertThat(Files.readString(kept.resolve("key.pem"))).isEqualTo(Files.readString(file("client-key.pem")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve("key.pem"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwx------");
        assertThat(run("context", "inspect", "build1")).isZero();
        assertThat(out).isEqualTo("""
                        [
                            {
                                "Name": "build1",
                                "Metadata": {},
                                "Endpoints": {
                                    "docker": {
                                        "Host": "tcp://localhost:1",
                                        "SkipTLSVerify": false
                                    }
                                },
                                "TLSMaterial": {
                                    "docker": [
                                        "ca.pem",
                                        "cert.pem",
                                        "key.pem"
                                    ]
                                },
                                "Storage": {
                                    "MetadataPath": "%1$s/.wherry/contexts/meta/%2$s",
                                    "TLSPath": "%1$s/.wherry/contexts/tls/%2$s"
                                }
                            }
                        ]
                        """.formatted(folder, id("build1")));
        assertThat(run("-c", "build1", "ps")).isEqualTo(1);
        assertThat(err).startsWith("wherry: cannot connect to wherryd at tcp://localhost:1: connection refused");
    }

    @Test
    void updateKeepsWhatIsNotGiven() {
        create("build1");

        assertThat(run("context", "update", "build1", "--description", "big")).isZero();
        assertThat(err).isEqualTo("Successfully updated context \"build1\"\n");
        assertThat(run("context", "update", "build1", "--host", "tcp://localhost:2"))
                .isZero();
        assertThat(run(
                        "context",
                        "inspect",
                        "-f",
                        "{{.Metadata.Description}} {{.Endpoints.docker.Host}} {{len .TLSMaterial.docker}}",
                        "build1"))
                .isZero();
        assertThat(out).isEqualTo("big tcp://localhost:2 3\n");
        assertThat(run("context", "create", "build2", "--from", "build1", "--description", "small"))
                .isZero();
        assertThat(run("context", "inspect", "-f", "{{.Metadata.Description}} {{len .TLSMaterial.docker}}", "build2"))
                .isZero();
        assertThat(out).isEqualTo("small 3\n");
    }

    @Test
    void removalLeavesNothing() throws IOException {
        create("build1");
        run("context", "use", "build1");

        assertThat(run("context", "rm", "-f", "build1")).isZero();
        assertThat(out).isEqualTo("build1\n");
        assertThat(run("context", "show")).isZero();
        assertThat(out).isEqualTo("default\n");
        try (Stream<Path> left = Files.walk(folder.resolve(".wherry/contexts"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void exportedContextIsImportedElsewhere() throws Exception {
        create("build1");
        Path archive = folder.resolve("build1.wherrycontext");

        assertThat(run("context", "export", "build1", archive.toString())).isZero();
        assertThat(err).isEqualTo("Written file \"" + archive + "\"\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
                .isEqualTo("rw-------");
        Map<String, Integer> entries = new LinkedHashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), entry.getMode() & 0777);
            }
        }
        assertThat(entries)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "meta.json", 0600,
                        "tls/", 0700,
                        "tls/docker/", 0700,
                        "tls/docker/ca.pem", 0600,
                        "tls/docker/cert.pem", 0600,
                        "tls/docker/key.pem", 0600));

        assertThat(run("context", "export", "build1", archive.toString())).isEqualTo(1);
        assertThat(err).isEqualTo("wherry: " + archive + " exists already: name another file\n");

        environment.put("WHERRY_CONFIG", folder.resolve("elsewhere").toString());
        assertThat(run("context", "import", "copy", archive.toString())).isZero();
        assertThat(out).isEqualTo("copy\n");
        assertThat(err).isEqualTo("Successfully imported context \"copy\"\n");
        assertThat(run("context", "inspect", "-f", "{{.Name}} {{.Endpoints.docker.Host}}", "copy"))
                .isZero();
        assertThat(out).isEqualTo("copy tcp://localhost:1\n");
        assertThat(run("context", "import", "copy", archive.toString())).isEqualTo(1);
        assertThat(err).isEqualTo("wherry: context \"copy\" already exists\n");
    }

    static Stream<Map<String, String>> hostileArchives() {
        return Stream.of(
                Map.of(),
                Map.of("tls/docker/ca.pem", "x"),
                Map.of("meta.json", "{}"),
                Map.of("meta.json", "not json"),
                Map.of("meta.json", METADATA.replace("unix:///x.sock", "ssh://-oProxyCommand=reboot/")),
                Map.of("meta.json", METADATA, "../../evil", "x"),
                Map.of("meta.json", METADATA, "/etc/evil", "x"),
                Map.of("meta.json", METADATA, "tls/docker/../../../evil.pem", "x"),
                Map.of("meta.json", METADATA, "tls/docker/ca.pem", "link to /etc/shadow"),
                Map.of("meta.json", METADATA, "tls/docker/ca.pem", "only this one"),
                Map.of("meta.json", METADATA.replace("{}", "\"" + "x".repeat(11 << 20) + "\"")),
                Map.of("meta.json", METADATA, "tls/kubernetes/ca.pem", "x"));
    }

    @ParameterizedTest
    @MethodSource("hostileArchives")
    void hostileArchiveIsRefusedAndLeavesNothing(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, String> file : new java.util.TreeMap<>(files).entrySet()) {
                boolean link = file.getValue().startsWith("link to ");
                byte[] content = link ? new byte[0] : file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = link
                        ? new TarArchiveEntry(file.getKey(), TarConstants.LF_SYMLINK)
                        : new TarArchiveEntry(file.getKey(), true);
                entry.setLinkName(link ? file.getValue().substring("link to ".length()) : "");
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        input = bytes.toByteArray();

        assertThat(run("context", "import", "evil", "-")).isEqualTo(1);
        assertThat(err).startsWith("wherry: ").hasLineCount(1);
        assertThat(folder.resolve(".wherry")).doesNotExist();
    }

    @Test
    void nothingIsWrittenByCommandsThatOnlyLook() {
        run("context", "ls");
        run("context", "show");
        run("ps");

        assertThat(folder.resolve(".wherry")).doesNotExist();
    }

    @Test
    void namesOfContextsAreCompleted() {
        run("context", "create", "build1", "--host", "unix:///a.sock");

        assertThat(run("__complete", "context", "use", "b")).isZero();
        assertThat(out).isEqualTo("build1\n");
        assertThat(run("__complete", "-c", "")).isZero();
        assertThat(out).isEqualTo("default\nbuild1\n");
    }

    private void create(String name) {
        int status = run(
                "context",
                "create",
                name,
                "--host",
                "tcp://localhost:1",
                "--ca",
                file("ca.pem").toString(),
                "--cert",
                file("client.pem").toString(),
                "--key",
                file("client-key.pem").toString());
        assertThat(status).as(err).isZero();
    }

    private static Path file(String name) {
        return FILES.resolve(name);
    }

    private static String id(String name) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes()));
    }

    private int run(String... words) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input),
                new PrintStream(stdout, true),
                new PrintStream(stderr, true),
                false,
                false,
                false,
                environment);
        int status = CommandRunner.run(console, words).code();
        out = stdout.toString(StandardCharsets.UTF_8);
        err = stderr.toString(StandardCharsets.UTF_8);
        return status;
    }
}

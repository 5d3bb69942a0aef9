package dev.wherry.cli.command.context;

import dev.wherry.cli.client.TlsFiles;
import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.client.contexts.TlsMaterial;
import dev.wherry.cli.command.CsvFields;
import dev.wherry.cli.error.Failure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags that describe the daemon of a context: docker's one flag with fields, and one flag for each of them. */
final class EndpointFlags {
    private static final List<String> FIELDS = List.of("from", "host", "ca", "cert", "key", "tls", "skip-tls-verify");

    @Option(
            names = "--docker",
            paramLabel = "KEY=VALUE",
            description = "Set the daemon: host=ADDRESS, ca=FILE, cert=FILE, key=FILE, tls=false, from=CONTEXT")
    private String endpoint = "";

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Daemon to connect to: unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT]")
    private String host;

    @Option(names = "--ca", paramLabel = "FILE", description = "Trust a daemon whose certificate is signed by this CA")
    private String ca;

    @Option(names = "--cert", paramLabel = "FILE", description = "Certificate of the client")
    private String cert;

    @Option(names = "--key", paramLabel = "FILE", description = "Private key of the certificate")
    private String key;

    /** The fields that were given, by their names in docker's flag. */
    Map<String, String> given() {
        Map<String, String> given = new HashMap<>();
        if (!endpoint.isEmpty()) {
            given.putAll(CsvFields.parse("--docker", endpoint, FIELDS));
        }
        put(given, "host", host);
        put(given, "ca", ca);
        put(given, "cert", cert);
        put(given, "key", key);
        if (isTrue(given.get("skip-tls-verify"))) {
            throw new Failure("skip-tls-verify is not supported: a daemon that is reached by TCP is always verified");
        }
        return given;
    }

    /** The context of this name and description, whose daemon is the one that the fields describe. */
    static void put(DaemonContexts contexts, String name, String description, Map<String, String> fields) {
        Optional<TlsMaterial> tls = tls(fields);
        boolean withoutTls = fields.containsKey("tls") && !isTrue(fields.get("tls"));
        contexts.put(
                new DaemonContext(name, description, fields.getOrDefault("host", ""), withoutTls),
                withoutTls ? Optional.empty() : tls);
    }

    /** The fields that would describe the daemon of a context. */
    static Map<String, String> of(DaemonContexts contexts, DaemonContext context) {
        Map<String, String> fields = new HashMap<>();
        fields.put("host", context.host());
        if (context.withoutTls()) {
            fields.put("tls", "false");
        }
        contexts.tls(context.name()).ifPresent(files -> {
            fields.put("ca", files.ca().toString());
            fields.put("cert", files.cert().toString());
            fields.put("key", files.key().toString());
        });
        return fields;
    }

    private static Optional<TlsMaterial> tls(Map<String, String> fields) {
        List<String> names = List.of("ca", "cert", "key");
        if (names.stream().noneMatch(fields::containsKey)) {
            return Optional.empty();
        }
        for (String name : names) {
            if (fields.getOrDefault(name, "").isEmpty()) {
                throw new Failure("TLS needs a CA, a certificate and a key, and --" + name + " is not given");
            }
        }
        return Optional.of(TlsMaterial.read(
                new TlsFiles(Path.of(fields.get("ca")), Path.of(fields.get("cert")), Path.of(fields.get("key")))));
    }

    private static void put(Map<String, String> given, String name, String value) {
        if (value != null) {
            given.put(name, value);
        }
    }

    private static boolean isTrue(String value) {
        return value != null && List.of("true", "t", "1").contains(value.toLowerCase(java.util.Locale.ROOT));
    }
}

package dev.wherry.daemon.boot;

import dev.wherry.daemon.api.server.TcpSettings;
import dev.wherry.daemon.api.server.TlsFiles;
import dev.wherry.daemon.config.ConfigKey;
import dev.wherry.daemon.config.ConfigSources;
import dev.wherry.daemon.config.Configuration;
import dev.wherry.daemon.config.LogLevel;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.namespace.FirstDaemon;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the daemon was started: what the command line hands over to the beans, which the framework makes by itself.
 *
 * @param dockerSocket empty when Docker's API is not served
 * @param criSocket empty when no kubelet is served
 * @param startedNanos of {@link System#nanoTime}
 */
record Startup(
        ControlSocket socket,
        Optional<ControlSocket> dockerSocket,
        Optional<ControlSocket> criSocket,
        ConfigSources sources,
        Configuration configuration,
        long startedNanos) {

    private static volatile Startup current;
    private static volatile FirstDaemon first;

    /** The start of this process. */
    static Startup current() {
        return current;
    }

    /** This process serves a namespace for that daemon. */
    static void link(FirstDaemon daemon) {
        first = daemon;
    }

    /** The daemon that has started this one; empty when this is the first. */
    static Optional<FirstDaemon> link() {
        return Optional.ofNullable(first);
    }

    /** Whether the log has details, which failures then show too. */
    static boolean isVerbose() {
        return Optional.ofNullable(current)
                .filter(start -> start.configuration.logLevel().compareTo(LogLevel.INFO) > 0)
                .isPresent();
    }

    static Layout layout(Configuration configuration) {
        Layout first = new Layout(
                configuration.path(ConfigKey.ROOT).orElseThrow(),
                configuration.path(ConfigKey.RUN_ROOT).orElseThrow());
        return configuration
                .namespace()
                .map(name -> first.namespace(name.text()))
                .orElse(first);
    }

    static TcpSettings tcp(Configuration configuration) {
        return new TcpSettings(
                configuration.listen(),
                Boolean.parseBoolean(configuration.text(ConfigKey.INSECURE_LOOPBACK)),
                tlsFiles(configuration));
    }

    /** Whoever comes over loopback is no exception here: a page in a browser could speak this protocol. */
    static TcpSettings dockerTcp(Configuration configuration) {
        return new TcpSettings(configuration.dockerListen(), false, tlsFiles(configuration));
    }

    /** Where the daemon's own authority and its certificate are, unless something else is said. */
    static Path pki(Configuration configuration) {
        return layout(configuration).root().resolve("pki");
    }

    static TlsFiles tlsFiles(Configuration configuration) {
        Path standard = pki(configuration);
        return new TlsFiles(
                configuration.path(ConfigKey.TLS_CA).orElse(standard.resolve("ca.pem")),
                configuration.path(ConfigKey.TLS_CERT).orElse(standard.resolve("cert.pem")),
                configuration.path(ConfigKey.TLS_KEY).orElse(standard.resolve("key.pem")),
                configuration.path(ConfigKey.TLS_CRL).orElse(standard.resolve("crl.pem")),
                configuration.path(ConfigKey.TLS_CRL).isPresent());
    }

    /**
     * Makes this the start of this process. Settings of the framework and of libraries follow from it, as system
     * properties, before any of them is loaded.
     */
    void begin() {
        current = this;
        Layout layout = layout(configuration);
        Map<String, String> properties = new HashMap<>();
        properties.put(
                "quarkus.log.category.\"dev.wherry\".level",
                configuration.logLevel().name());
        if (configuration.logLevel().compareTo(LogLevel.INFO) > 0) {
            properties.put("quarkus.log.level", "INFO");
        }
        properties.put("quarkus.http.domain-socket", socket.open().toString());
        properties.put("quarkus.datasource.jdbc.url", "jdbc:sqlite:" + layout.database());
        Path libraries = DaemonFolders.libraries(layout);
        properties.put("jna.tmpdir", libraries.toString());
        properties.put("org.sqlite.tmpdir", libraries.toString());
        properties.put("ZstdTempFolder", libraries.toString());
        properties.forEach(System::setProperty);
    }
}

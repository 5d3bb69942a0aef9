package dev.wherry.cli.command;

import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.client.TlsFiles;
import dev.wherry.cli.client.contexts.DaemonContext;
import dev.wherry.cli.client.contexts.DaemonContexts;
import dev.wherry.cli.error.Failure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which daemon a command line means. In docker's order: {@code --host} or {@code --context}, then {@code WHERRY_HOST},
 * {@code WHERRY_CONTEXT}, the context that {@code wherry context use} chose, and the daemon of this host.
 */
public final class DaemonSelection {
    private static final String HOST = "WHERRY_HOST";

    private final DaemonFlags flags;
    private final Map<String, String> environment;

    DaemonSelection(DaemonFlags flags, Map<String, String> environment) {
        this.flags = flags;
        this.environment = environment;
    }

    /** @throws Failure if there is no such context, or its daemon cannot be reached as it is described */
    HostAddress address() {
        String name = contextName();
        return name.equals(DaemonContext.DEFAULT)
                ? HostAddress.parse(defaultHost(), this::tls)
                : contexts().address(name);
    }

    /** The context that is meant, which may not exist. */
    public String contextName() {
        if (flags.context().isPresent()) {
            if (flags.host().isPresent()) {
                throw new Failure("conflicting options: cannot specify both --host and --context");
            }
            return flags.context().get();
        }
        if (flags.host().isPresent() || environmentNamesHost()) {
            return DaemonContext.DEFAULT;
        }
        String named = variable("WHERRY_CONTEXT");
        return named.isEmpty() ? contexts().current().orElse(DaemonContext.DEFAULT) : named;
    }

    /** The address in the default context. */
    public String defaultHost() {
        return flags.host().orElseGet(() -> environmentNamesHost() ? variable(HOST) : HostAddress.DEFAULT.toString());
    }

    /** Whether {@code WHERRY_HOST} overrides the context that was chosen for good. */
    public boolean environmentNamesHost() {
        return !variable(HOST).isEmpty();
    }

    public DaemonContexts contexts() {
        return new DaemonContexts(configuration());
    }

    /** The folder of the client's own configuration. */
    private Path configuration() {
        return flags.config().orElseGet(() -> {
            String folder = variable("WHERRY_CONFIG");
            return folder.isEmpty()
                    ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".wherry")
                    : Path.of(folder);
        });
    }

    /** The files for TLS of an address that is not from a context; empty if TLS is switched off. */
    private Optional<TlsFiles> tls() {
        if (!flags.tlsVerify().orElse(true)) {
            throw new Failure("--tlsverify=false is not supported: a daemon that is reached by TCP is always verified");
        }
        boolean verified =
                flags.tlsVerify().isPresent() || !variable("WHERRY_TLS_VERIFY").isEmpty();
        if (!flags.tls().orElse(true) && !verified) {
            return Optional.empty();
        }
        String named = variable("WHERRY_CERT_PATH");
        TlsFiles usual = TlsFiles.in(named.isEmpty() ? configuration() : Path.of(named));
        return Optional.of(new TlsFiles(
                flags.ca().orElse(usual.ca()),
                flags.cert().orElse(usual.cert()),
                flags.key().orElse(usual.key())));
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}

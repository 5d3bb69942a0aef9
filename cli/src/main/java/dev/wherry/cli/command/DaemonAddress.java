package dev.wherry.cli.command;

import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.client.TlsFiles;
import dev.wherry.cli.error.Failure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds the daemon that a command line means: by its flags, else by the environment, else the one of this host. */
final class DaemonAddress {
    private final DaemonFlags flags;
    private final Map<String, String> environment;

    DaemonAddress(DaemonFlags flags, Map<String, String> environment) {
        this.flags = flags;
        this.environment = environment;
    }

    HostAddress find() {
        String named = flags.host().orElseGet(() -> variable("WHERRY_HOST"));
        return named.isEmpty() ? HostAddress.DEFAULT : HostAddress.parse(named, this::tls);
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

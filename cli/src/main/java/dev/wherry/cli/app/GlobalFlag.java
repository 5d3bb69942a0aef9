package dev.wherry.cli.app;

import java.util.List;

/**
 * A flag that stands before the command.
 *
 * @param shortName empty if it has none
 * @param value the label of its value; empty for a flag that is true or false
 */
record GlobalFlag(String shortName, String longName, String value, String description) {
    static final GlobalFlag CONFIG = new GlobalFlag(
            "",
            "--config",
            "string",
            "Location of the configuration of the client (also WHERRY_CONFIG; default ~/.wherry)");

    static final GlobalFlag CONTEXT = new GlobalFlag(
            "-c",
            "--context",
            "string",
            "Name of the context to use to connect to the daemon (overrides WHERRY_HOST env var and default context set"
                    + " with \"wherry context use\")");

    static final GlobalFlag HOST = new GlobalFlag(
            "-H",
            "--host",
            "string",
            "Daemon to connect to: unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT] (also WHERRY_HOST)");

    static final GlobalFlag TLS =
            new GlobalFlag("", "--tls", "", "Use TLS; the default, and --tls=false only for the loopback interface");

    static final GlobalFlag TLS_CA = new GlobalFlag(
            "", "--tlscacert", "string", "Trust certs signed only by this CA (default ~/.wherry/ca.pem)");

    static final GlobalFlag TLS_CERT =
            new GlobalFlag("", "--tlscert", "string", "Path to TLS certificate file (default ~/.wherry/cert.pem)");

    static final GlobalFlag TLS_KEY =
            new GlobalFlag("", "--tlskey", "string", "Path to TLS key file (default ~/.wherry/key.pem)");

    static final GlobalFlag TLS_VERIFY =
            new GlobalFlag("", "--tlsverify", "", "Use TLS and verify the remote, which is always done");

    /** Every command and every group has this one too. */
    static final GlobalFlag HELP = new GlobalFlag("-h", "--help", "", "Print usage");

    static final GlobalFlag VERSION = new GlobalFlag("-v", "--version", "", "Print version information and quit");

    static final List<GlobalFlag> ALL =
            List.of(CONFIG, CONTEXT, HOST, HELP, TLS, TLS_CA, TLS_CERT, TLS_KEY, TLS_VERIFY, VERSION);

    /** The names of the flag, the short one first. */
    List<String> names() {
        return shortName.isEmpty() ? List.of(longName) : List.of(shortName, longName);
    }

    /** How lists show it; a flag without a short name is indented by the width of one. */
    String synopsis() {
        return ((shortName.isEmpty() ? "    " : shortName + ", ") + longName + " " + value).stripTrailing();
    }

    /** Whether a word is this flag. */
    boolean isCalled(String word) {
        return names().contains(word);
    }
}

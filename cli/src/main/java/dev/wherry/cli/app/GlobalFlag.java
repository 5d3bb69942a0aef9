package dev.wherry.cli.app;

import java.util.List;

/**
 * A flag that stands before the command.
 *
 * @param value what its value is called; empty when it takes none
 */
record GlobalFlag(String shortName, String longName, String value, String description) {
    static final List<GlobalFlag> ALL = List.of(
            new GlobalFlag("-H", "--host", "string", "Daemon to talk to: unix:///PATH (also WHERRY_HOST)"),
            new GlobalFlag("-h", "--help", "", "Show this help"),
            new GlobalFlag("-v", "--version", "", "Show the version"));

    String synopsis() {
        return (shortName + ", " + longName + " " + value).strip();
    }
}

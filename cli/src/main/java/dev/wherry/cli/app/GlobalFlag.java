package dev.wherry.cli.app;

import java.util.List;

/**
 * A flag that stands before the command.
 *
 * @param value the label of its value; empty if it takes none
 */
record GlobalFlag(String shortName, String longName, String value, String description) {
    static final GlobalFlag HOST =
            new GlobalFlag("-H", "--host", "string", "Daemon socket to connect to: unix:///PATH (also WHERRY_HOST)");

    /** Every command and every group has this one too. */
    static final GlobalFlag HELP = new GlobalFlag("-h", "--help", "", "Print usage");

    static final GlobalFlag VERSION = new GlobalFlag("-v", "--version", "", "Print version information and quit");

    static final List<GlobalFlag> ALL = List.of(HOST, HELP, VERSION);

    String synopsis() {
        return (shortName + ", " + longName + " " + value).strip();
    }

    /** Whether a word is this flag. */
    boolean isCalled(String word) {
        return word.equals(shortName) || word.equals(longName);
    }
}

package dev.wherry.cli.client;

/** The end of {@code ssh}; the message is what it said, of which the last line says most. */
final class SshFailure extends Exception {
    private final boolean wasConnected;

    /** @param wasConnected whether the daemon had been reached before */
    SshFailure(String said, boolean wasConnected) {
        super(said, null, false, false);
        this.wasConnected = wasConnected;
    }

    /** The sentence for the user, and all lines of {@code ssh} below it if there are several. */
    String sentence(HostAddress address) {
        String last = getMessage().lines().reduce("", (_, line) -> line);
        String rest = getMessage().lines().count() > 1 ? "\n" + getMessage() : "";
        return (wasConnected ? "lost the connection" : "cannot connect") + " to wherryd at " + address + ": " + last
                + rest;
    }
}

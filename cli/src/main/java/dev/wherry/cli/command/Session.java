package dev.wherry.cli.command;

import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.view.Console;
import java.util.function.Supplier;

/** One run of the command line: its console, and the daemon, which is not connected to before a command needs it. */
public final class Session {
    private static final String HOST_VARIABLE = "WHERRY_HOST";

    private final Supplier<Console> streams;
    private Console console;
    private String host;
    private DaemonChannel daemon;

    /** @param streams asked once, at the first use */
    public Session(Supplier<Console> streams) {
        this.streams = streams;
    }

    public synchronized Console console() {
        if (console == null) {
            console = streams.get();
        }
        return console;
    }

    /** Sets the address given on the command line, which wins over the environment. */
    public void host(String given) {
        host = given;
    }

    /** The daemon's address: of the command line, else of {@code WHERRY_HOST}, else the default one. */
    public HostAddress address() {
        String named = host != null ? host : console().environment().getOrDefault(HOST_VARIABLE, "");
        return named.isEmpty() ? HostAddress.DEFAULT : HostAddress.parse(named);
    }

    /** The channel to the daemon, created at the first call. */
    public synchronized DaemonChannel daemon() {
        if (daemon == null) {
            daemon = new DaemonChannel(address());
        }
        return daemon;
    }

    /** Ends every running call. */
    public synchronized void close() {
        if (daemon != null) {
            daemon.close();
        }
    }
}

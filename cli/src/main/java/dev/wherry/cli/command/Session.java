package dev.wherry.cli.command;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import java.util.function.Supplier;

/** One run of the command line: its console, and the daemon, which is not connected to before a command needs it. */
public final class Session {
    private final Supplier<Console> streams;
    private Console console;
    private DaemonFlags flags = DaemonFlags.NONE;
    private HostAddress address;
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

    /** Sets the flags of the command line that say which daemon is meant. */
    public void flags(DaemonFlags given) {
        flags = given;
    }

    /** The address of the daemon. */
    public synchronized HostAddress address() {
        if (address == null) {
            address = selection().address();
        }
        return address;
    }

    /** Which daemon the flags and the environment mean. */
    public DaemonSelection selection() {
        return new DaemonSelection(flags, console().environment());
    }

    /** The failure to report for an exception of a command. */
    public Failure failure(Throwable thrown) {
        // What failed may be the search for the address itself.
        return thrown instanceof Failure known ? known : CallFailures.of(thrown, address());
    }

    /** The channel to the daemon, created at the first call. */
    public synchronized DaemonChannel daemon() {
        if (daemon == null) {
            daemon = new DaemonChannel(address(), console().environment());
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

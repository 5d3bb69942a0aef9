package dev.wherry.daemon.boot;

import dev.wherry.daemon.linux.Boot;
import dev.wherry.daemon.linux.NotifySocket;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.namespace.FirstDaemon;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the service manager how the daemon fares ({@code sd_notify(3)}), where one has started it and wants to know. The
 * daemon of a namespace tells the first daemon, which tells the service manager.
 */
final class Systemd {

    private final Optional<NotifySocket> socket;

    private final Optional<FirstDaemon> first;

    Systemd(Map<String, String> environment, Optional<FirstDaemon> first) {
        this.first = first;
        socket = Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(address -> !address.isBlank())
                .map(NotifySocket::new);
    }

    /** The socket answers; also ends {@link #reloading}. */
    void ready() {
        send("READY=1");
    }

    void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + Boot.monotonicMicros());
    }

    /** @param left how long the end may take from now on */
    void stopping(Duration left) {
        first.ifPresent(daemon -> daemon.stopping(left));
        send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + left.toNanos() / 1000);
    }

    private void send(String state) {
        socket.ifPresent(manager -> {
            try {
                manager.send(state);
            } catch (SystemCallException failure) {
                DaemonLog.error(
                        "cannot tell systemd " + state.lines().findFirst().orElse("") + ": " + failure.getMessage());
            }
        });
    }
}

package dev.wherry.cli.client.builds;

import dev.wherry.cli.client.HostAddress;
import java.time.Duration;

/** Is told when the connection of a build is lost for longer than a moment, and when there is one again. */
public interface LostConnection {

    /** Tells nobody. */
    LostConnection UNSEEN = new LostConnection() {
        @Override
        public void lost(String host, Duration left) {}

        @Override
        public void again(String host) {}
    };

    /** @param left how long it is tried to connect again */
    void lost(String host, Duration left);

    /** Only after {@link #lost}. */
    void again(String host);

    /** What people call the host of a daemon. */
    static String host(HostAddress address) {
        return switch (address) {
            case HostAddress.Tcp tcp -> tcp.host();
            case HostAddress.Ssh ssh -> ssh.host();
            case HostAddress.Unix unix -> unix.toString();
        };
    }
}

package dev.wherry.cli.client;

import dev.wherry.cli.error.Failure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** The address of the daemon; its text is the one that users give. */
public sealed interface HostAddress {
    /** The default address. */
    HostAddress DEFAULT = new Unix(Path.of("/run/wherry/wherryd.sock"));

    /** The port of a daemon's TCP address that names none. */
    int DEFAULT_PORT = 2377;

    /**
     * A daemon on this host.
     *
     * @param socket absolute path of its unix socket
     */
    record Unix(Path socket) implements HostAddress {
        /** The longest path that {@code sockaddr_un} can hold. */
        private static final int LONGEST = 107;

        public Unix {
            if (socket.toString().length() > LONGEST) {
                throw new Failure("the path of a unix socket has at most " + LONGEST + " characters: " + socket);
            }
        }

        @Override
        public String toString() {
            return "unix://" + socket;
        }
    }

    /**
     * A daemon that listens for TCP connections.
     *
     * @param tls what proves who the two sides are; empty for a connection without TLS, which never leaves this host
     */
    record Tcp(String host, int port, Optional<TlsFiles> tls) implements HostAddress {
        public Tcp {
            if (tls.isEmpty() && !isLoopback(host)) {
                throw new Failure("tcp://" + bracketed(host) + ":" + port
                        + " needs TLS: only an address of the loopback interface can be used without it");
            }
        }

        private static boolean isLoopback(String host) {
            return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("::1");
        }

        @Override
        public String toString() {
            return "tcp://" + bracketed(host) + ":" + port;
        }
    }

    /**
     * A daemon that {@code ssh} connects to.
     *
     * @param socket path of the daemon's unix socket on its host; empty for the default one
     */
    record Ssh(Optional<String> user, String host, OptionalInt port, Optional<String> socket) implements HostAddress {
        @Override
        public String toString() {
            return "ssh://" + user.map(name -> name + "@").orElse("") + bracketed(host)
                    + (port.isPresent() ? ":" + port.getAsInt() : "") + socket.orElse("");
        }
    }

    /**
     * Reads an address.
     *
     * @param tls asked for a TCP address
     * @throws Failure if the text is not an address
     */
    static HostAddress parse(String text, Supplier<Optional<TlsFiles>> tls) {
        int end = text.indexOf("://");
        String scheme = end < 0 ? "" : text.substring(0, end);
        String rest = end < 0 ? "" : text.substring(end + 3);
        return switch (scheme) {
            case "unix" -> {
                if (!rest.startsWith("/") || rest.length() == 1 || rest.indexOf('\0') >= 0) {
                    throw malformed(text);
                }
                yield new Unix(Path.of(rest));
            }
            case "tcp" -> tcp(text, HostAuthority.parse(rest).orElseThrow(() -> malformed(text)), tls);
            case "ssh" -> ssh(text, HostAuthority.parse(rest).orElseThrow(() -> malformed(text)));
            default -> throw malformed(text);
        };
    }

    private static Tcp tcp(String text, HostAuthority authority, Supplier<Optional<TlsFiles>> tls) {
        if (authority.user().isPresent() || authority.path().isPresent()) {
            throw malformed(text);
        }
        return new Tcp(authority.host(), authority.port().orElse(DEFAULT_PORT), tls.get());
    }

    private static Ssh ssh(String text, HostAuthority authority) {
        if (authority.user().filter(user -> user.indexOf(':') >= 0).isPresent()) {
            throw new Failure("the address of a daemon holds no password: ssh asks for it");
        }
        if (authority.host().startsWith("-")
                || authority.user().filter(user -> user.startsWith("-")).isPresent()) {
            throw malformed(text);
        }
        return new Ssh(authority.user(), authority.host(), authority.port(), authority.path());
    }

    private static Failure malformed(String text) {
        return new Failure("\"" + text + "\" is not the address of a daemon: give unix:///PATH, tcp://HOST[:PORT] or"
                + " ssh://[USER@]HOST[:PORT][/PATH]");
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}

package dev.wherry.cli.client;

import dev.wherry.cli.error.Failure;
import java.nio.file.Path;

/**
 * The address of the daemon.
 *
 * @param socket absolute path of its unix socket
 */
public record HostAddress(Path socket) {
    /** The default address. */
    public static final HostAddress DEFAULT = new HostAddress(Path.of("/run/wherry/wherryd.sock"));

    private static final String SCHEME = "unix://";

    /** The longest path that {@code sockaddr_un} can hold. */
    private static final int LONGEST = 107;

    /**
     * Reads {@code unix:///PATH}.
     *
     * @throws Failure if the text is anything else
     */
    public static HostAddress parse(String text) {
        if (!text.startsWith(SCHEME + "/") || text.length() == SCHEME.length() + 1 || text.indexOf('\0') >= 0) {
            throw new Failure("--host must be unix:///PATH (tcp with TLS is not supported yet)");
        }
        String path = text.substring(SCHEME.length());
        if (path.length() > LONGEST) {
            throw new Failure("--host: the path of a unix socket has at most " + LONGEST + " characters");
        }
        return new HostAddress(Path.of(path));
    }

    @Override
    public String toString() {
        return SCHEME + socket;
    }
}

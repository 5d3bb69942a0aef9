package dev.wherry.cli.command.container;

import dev.wherry.cli.error.Failure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of this host that is forwarded to a port of a container.
 *
 * @param local 0 for any free port
 */
record ForwardedPort(int local, int remote) {
    private static final Pattern FORM = Pattern.compile("(?:([0-9]{0,5}):)?([0-9]{1,5})");
    private static final int LAST = 65535;

    /**
     * Reads {@code [LOCAL:]REMOTE}. Without the colon, the local port has the number of the remote one; with nothing
     * before the colon, it is any free port.
     *
     * @throws Failure if the text is malformed
     */
    static ForwardedPort parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (parts.matches()) {
            int remote = Integer.parseInt(parts.group(2));
            String given = parts.group(1);
            int local = given == null ? remote : given.isEmpty() ? 0 : Integer.parseInt(given);
            if (remote >= 1 && remote <= LAST && local <= LAST) {
                return new ForwardedPort(local, remote);
            }
        }
        throw new Failure("port-forward: \"" + text + "\" is not a port: give [LOCAL:]REMOTE, such as 8080:80");
    }
}

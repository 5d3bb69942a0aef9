package dev.wherry.daemon.api.server;

import dev.wherry.daemon.Version;
import dev.wherry.daemon.error.ConflictException;
import io.grpc.Metadata;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of the {@code wherry} that calls, as it says in the header of each call. Client and daemon understand each
 * other when they have the same major version and minor versions at most one apart; what follows, as in
 * {@code 1.2.3-SNAPSHOT}, does not count.
 */
record ClientVersion(int major, int minor) {

    static final Metadata.Key<String> HEADER = Metadata.Key.of("wherry-version", Metadata.ASCII_STRING_MARSHALLER);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6})(?:[.+-][0-9A-Za-z.+-]{0,64})?");

    /** The version in a text; empty when it is none. */
    static Optional<ClientVersion> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new ClientVersion(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    boolean understands(ClientVersion other) {
        return major == other.major && Math.abs(minor - other.minor) <= 1;
    }

    private boolean isNewerThan(ClientVersion other) {
        return major == other.major ? minor > other.minor : major > other.major;
    }

    /** @throws ConflictException when this daemon refuses a call with these headers; those that name no version are fine */
    static void check(Metadata headers) {
        String text = headers.get(HEADER);
        if (text != null) {
            refusal(text, Version.NUMBER).ifPresent(refusal -> {
                throw refusal;
            });
        }
    }

    /** Why a daemon of one version refuses a client of another. */
    static Optional<ConflictException> refusal(String client, String daemon) {
        Optional<ClientVersion> theirs = parse(client);
        Optional<ClientVersion> ours = parse(daemon);
        if (theirs.isEmpty() || ours.isEmpty() || theirs.get().understands(ours.get())) {
            return Optional.empty();
        }
        boolean newer = theirs.get().isNewerThan(ours.get());
        return Optional.of(new ConflictException("wherry " + client + " and wherryd " + daemon
                + " are too far apart to understand each other: upgrade "
                + (newer ? "wherryd and restart it" : "wherry")));
    }
}

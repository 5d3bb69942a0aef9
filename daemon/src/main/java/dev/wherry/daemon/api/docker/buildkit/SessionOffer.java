package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.api.docker.buildkit.session.SessionDirectory;
import dev.wherry.daemon.api.server.Peer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A session as the headers of its beginning describe it.
 *
 * @param methods that the client serves, in lower case
 */
record SessionOffer(String id, SessionDirectory directory, Set<String> methods) {

    private static final String PREFIX = "X-Docker-Expose-Session-";
    private static final int MOST_METHODS = 100;

    static SessionOffer of(
            Function<String, Optional<String>> header, Function<String, List<String>> headers, Optional<Peer> peer) {
        String id = header.apply(PREFIX + "Uuid").orElse("");
        boolean encoded = header.apply(PREFIX + "Sharedkey-Encoded").isPresent();
        String key = header.apply(PREFIX + "Sharedkey")
                .filter(text -> !text.isEmpty())
                .map(text -> encoded ? URLDecoder.decode(text, StandardCharsets.UTF_8) : text)
                .orElse(id);
        return new SessionOffer(
                id,
                new SessionDirectory(key, peer.flatMap(SessionOffer::folder)),
                headers.apply(PREFIX + "Grpc-Method").stream()
                        .limit(MOST_METHODS)
                        .map(method -> method.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
    }

    /** Where the process of a client on this host works. */
    private static Optional<Path> folder(Peer peer) {
        try {
            return peer instanceof Peer.LocalUser local && local.pid() > 0
                    ? Optional.of(Files.readSymbolicLink(Path.of("/proc", Integer.toString(local.pid()), "cwd")))
                    : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}

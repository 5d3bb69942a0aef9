package dev.wherry.daemon.registry;

import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a list that comes in pages goes on (RFC 5988, "The Link Header Field"). */
final class NextPage {

    private static final Pattern NEXT = Pattern.compile("\\s*<([^>]{1,2048})>.*rel=\"?next\"?.*");

    private NextPage() {}

    /** @param base the address that was asked; the next page is on the same server */
    static Optional<URI> of(RegistryResponse answer, URI base) throws ProtocolException {
        Matcher link = NEXT.matcher(answer.header("Link").orElse(""));
        if (!link.matches()) {
            return Optional.empty();
        }
        try {
            URI next = base.resolve(link.group(1));
            if (HttpTransport.sameOrigin(base, next)) {
                return Optional.of(next);
            }
        } catch (IllegalArgumentException malformed) {
            // Reported below.
        }
        throw new ProtocolException("its list goes on at \"" + link.group(1) + "\", which is not its own");
    }
}

package dev.wherry.cli.client.builds;

import dev.wherry.v1.ContextRequest;
import io.grpc.StatusException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Sends the files of a build's contexts, by their names; the main context has none. */
final class ContextSenders {
    private static final String MAIN = "";

    private final Map<String, ContextSender> senders = new HashMap<>();
    private final ContextSender none;

    ContextSenders(ClientContexts contexts, String dockerfile, ContextSender.Sink plain) {
        ContextSender.Sink sink = new CompressingSink(plain);
        contexts.named().forEach((name, root) -> senders.put(name, new ContextSender(root, null, "", sink)));
        senders.put(
                MAIN,
                new ContextSender(
                        contexts.main().orElse(null), contexts.archive().orElse(null), dockerfile, sink));
        none = new ContextSender(null, null, "", sink);
    }

    void answer(ContextRequest request) throws IOException, InterruptedException, StatusException {
        senders.getOrDefault(request.getContext(), none).answer(request);
    }
}

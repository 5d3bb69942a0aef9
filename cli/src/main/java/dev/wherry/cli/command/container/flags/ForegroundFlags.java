package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.client.stream.DetachKeys;
import picocli.CommandLine.Option;

/** How the client behaves while it is attached to a container. */
public final class ForegroundFlags {
    @Option(
            names = "--detach-keys",
            paramLabel = "KEYS",
            description = "Override the key sequence for detaching from the container, such as ctrl-p,ctrl-q")
    String keys = "";

    @Option(names = "--sig-proxy", description = "Proxy received signals to the container (default true)")
    boolean proxy;

    @Option(names = "--no-sig-proxy", hidden = true)
    boolean noProxy;

    /** @throws dev.wherry.cli.error.Failure when there are no such keys */
    public DetachKeys detachKeys() {
        return DetachKeys.parse(keys);
    }

    public boolean passesSignals() {
        return !noProxy;
    }
}

package dev.wherry.cli.command.container;

import dev.wherry.cli.client.DetachKeys;
import picocli.CommandLine.Option;

/** How a client goes along with a container whose streams it joined. */
final class ForegroundFlags {
    @Option(
            names = "--detach-keys",
            paramLabel = "KEYS",
            description = "Keys that leave the container, such as ctrl-p,ctrl-q")
    String keys = "";

    @Option(names = "--sig-proxy", description = "Pass on signals to the container; default: true")
    boolean proxy;

    @Option(names = "--no-sig-proxy", hidden = true)
    boolean noProxy;

    /** @throws dev.wherry.cli.view.Failure when there are no such keys */
    DetachKeys detachKeys() {
        return DetachKeys.parse(keys);
    }

    boolean passesSignals() {
        return !noProxy;
    }
}

package dev.wherry.daemon.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.runtime.Network;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/**
 * What was asked for when a container was created. Kept with it as JSON.
 *
 * @param image how the caller named the image
 * @param args replace the image's CMD when not empty
 * @param entrypoint replaces the image's ENTRYPOINT when not empty; one empty string clears it
 * @param env "KEY=VALUE", in order, later ones win; added to the image's
 * @param workingDir empty for the image's
 * @param user "user[:group]"; empty for the image's
 * @param stdinOpen keep standard input open for attached clients
 * @param stdinOnce close standard input when the first attached client leaves
 * @param autoRemove remove the container when it has stopped
 * @param hostname empty for the host's own, or, without its network, the short ID
 * @param stopSignal empty for the image's, else SIGTERM
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerConfig(
        String image,
        List<String> args,
        List<String> entrypoint,
        List<String> env,
        String workingDir,
        String user,
        boolean tty,
        boolean stdinOpen,
        boolean stdinOnce,
        boolean autoRemove,
        Network network,
        String hostname,
        Map<String, String> labels,
        String stopSignal) {

    static final ContainerConfig EMPTY = new ContainerConfig(
            "", List.of(), List.of(), List.of(), "", "", false, false, false, false, Network.HOST, "", Map.of(), "");

    public ContainerConfig {
        args = List.copyOf(args);
        entrypoint = List.copyOf(entrypoint);
        env = List.copyOf(env);
        labels = Map.copyOf(labels);
    }
}

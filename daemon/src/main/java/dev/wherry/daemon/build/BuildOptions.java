package dev.wherry.daemon.build;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks of a build, besides its context.
 *
 * @param dockerfile path of the Dockerfile, relative to the context or absolute
 * @param dockerfileContent the Dockerfile itself, when the client sent it; the path then only names it in messages
 * @param tags references the image gets
 * @param target stage to build; empty for the last
 * @param buildArgs values of build arguments
 * @param labels labels added to the image
 * @param noCache run every step
 * @param pull ask the registry for base images that are in the store too
 * @param platform {@code os/arch[/variant]}; empty for the host's own
 * @param hostNetwork whether RUN sees the host's network or none
 */
public record BuildOptions(
        String dockerfile,
        Optional<byte[]> dockerfileContent,
        List<String> tags,
        Optional<String> target,
        Map<String, String> buildArgs,
        Map<String, String> labels,
        boolean noCache,
        boolean pull,
        Optional<String> platform,
        boolean hostNetwork) {

    public BuildOptions {
        tags = List.copyOf(tags);
        buildArgs = Map.copyOf(buildArgs);
        labels = Map.copyOf(labels);
    }

    /** Where the file with the patterns of ignored files may be, in the order of precedence. */
    public List<String> ignoreFiles() {
        return List.of(dockerfile + ".dockerignore", ".dockerignore");
    }
}

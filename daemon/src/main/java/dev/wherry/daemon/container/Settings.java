package dev.wherry.daemon.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/**
 * What a container runs with: what was asked for, completed by its image. Decided once, so that a container keeps
 * running the same way when its image is gone.
 *
 * @param request as the caller made it
 * @param entrypoint with {@code cmd}, the program and its arguments
 * @param env of the image, then of the caller; one entry a name
 * @param ports exposed by the image, such as "80/tcp"
 * @param labels of the image, overridden by the caller's
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record Settings(
        ContainerConfig request,
        List<String> entrypoint,
        List<String> cmd,
        List<String> env,
        String workingDir,
        String user,
        String hostname,
        String stopSignal,
        List<String> ports,
        Map<String, String> labels) {}

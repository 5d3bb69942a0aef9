package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * Where a container has volumes from besides its mounts.
 *
 * @param containers whose mounts it has too: "CONTAINER", "CONTAINER:ro" or "CONTAINER:rw"
 * @param driver of volumes that are made for it; empty for "local"
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeSources(List<String> containers, String driver) {

    public static final VolumeSources NONE = new VolumeSources(List.of(), "");

    public VolumeSources {
        containers = List.copyOf(containers);
    }
}

package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * Where a container has volumes from besides its mounts.
 *
 * @param containers whose mounts it has too: "CONTAINER", "CONTAINER:ro" or "CONTAINER:rw"
 * @param driver of volumes that are made for it; empty for "local"
 * @param places where volumes were asked for, although a mount that was asked for as well is there instead
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeSources(List<String> containers, String driver, List<String> places) {

    public static final VolumeSources NONE = new VolumeSources(List.of(), "", List.of());

    public VolumeSources {
        containers = List.copyOf(containers);
        // Of a container that an older daemon made.
        places = places == null ? List.of() : List.copyOf(places);
    }

    public VolumeSources(List<String> containers, String driver) {
        this(containers, driver, List.of());
    }
}

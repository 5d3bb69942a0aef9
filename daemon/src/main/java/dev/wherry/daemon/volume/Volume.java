package dev.wherry.daemon.volume;

import java.time.Instant;
import java.util.Map;

/**
 * A folder of files that containers mount, and that stays when they go.
 *
 * @param name unique among volumes
 * @param driver "local"
 * @param options of the driver; without any, the files are in the daemon's own folder
 * @param labels with {@link #ANONYMOUS} when no user gave the volume a name
 * @param container ID of the container that an anonymous volume was made for and goes with; empty when it stays on its
 *     own
 */
public record Volume(
        String name,
        String driver,
        Map<String, String> options,
        Map<String, String> labels,
        String container,
        Instant createdAt) {

    /** Docker's label of volumes whose name is made up. */
    public static final String ANONYMOUS = "com.docker.volume.anonymous";

    public Volume {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    public boolean isAnonymous() {
        return labels.containsKey(ANONYMOUS);
    }

    Volume of(String owner) {
        return new Volume(name, driver, options, labels, owner, createdAt);
    }
}

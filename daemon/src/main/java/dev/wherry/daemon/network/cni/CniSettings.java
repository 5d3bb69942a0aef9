package dev.wherry.daemon.network.cni;

import java.nio.file.Path;
import java.util.List;

/**
 * Where CNI is found.
 *
 * @param configurations the folder of the configurations
 * @param programs the folders of the plugins, in the order in which they are searched
 */
public record CniSettings(Path configurations, List<Path> programs) {

    public CniSettings {
        programs = List.copyOf(programs);
    }
}

package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import java.util.Map;

/**
 * The OCI runtimes of this daemon, as configured.
 *
 * @param standard name or absolute path of the program that runs steps, and containers that ask for no other
 * @param named absolute paths of programs, by the names that containers may ask for
 * @param cgroups with which every runtime and conmon are started
 */
public record RuntimeSettings(String standard, Map<String, String> named, CgroupDriver cgroups) {

    public RuntimeSettings {
        named = Map.copyOf(named);
    }
}

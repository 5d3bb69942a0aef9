package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The OCI runtimes of this daemon, as configured.
 *
 * @param standard name or absolute path of the program that runs steps, and containers that ask for no other, or
 *     {@link DefaultRuntime#AUTO}
 * @param named absolute paths of programs, by the names that containers may ask for
 * @param cgroups with which every runtime and conmon are started
 */
public record RuntimeSettings(String standard, Map<String, String> named, CgroupDriver cgroups) {

    private static final List<String> USUAL = List.of("crun", "runc", "youki");

    public RuntimeSettings {
        named = Map.copyOf(named);
    }

    /** Names that a container may ask for: those configured, and the usual ones that are on the host. */
    public List<String> names() {
        Stream<String> usual =
                USUAL.stream().filter(name -> OciRuntime.find(name).isPresent());
        return Stream.concat(named.keySet().stream(), usual).distinct().sorted().toList();
    }
}

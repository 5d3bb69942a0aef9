package dev.wherry.daemon.runtime.cgroup;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Finds the control groups of one container, wherever the runtime has put them. */
final class ContainerGroups {

    private ContainerGroups() {}

    /**
     * The folder of the container's group by controller; the empty name for version 2.
     *
     * @param pid of its first process, which may have put itself into a group below the container's
     */
    static Map<String, Path> of(String container, int pid) {
        Map<String, Path> groups = new HashMap<>();
        Path memberships = Path.of("/proc", Integer.toString(pid), "cgroup");
        for (String line : CgroupHierarchy.read(memberships).split("\n")) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                String group = top(container, fields[2]);
                for (String controller : fields[1].split(",")) {
                    Path root = controller.isEmpty() ? CgroupHierarchy.ROOT : CgroupHierarchy.ROOT.resolve(controller);
                    groups.put(controller, root.resolve(group));
                }
            }
        }
        return groups;
    }

    /** The container's own group: what is below it belongs to its programs. */
    private static String top(String container, String path) {
        int id = path.indexOf(container);
        int end = id < 0 ? -1 : path.indexOf('/', id);
        return (end < 0 ? path : path.substring(0, end)).substring(path.startsWith("/") ? 1 : 0);
    }
}

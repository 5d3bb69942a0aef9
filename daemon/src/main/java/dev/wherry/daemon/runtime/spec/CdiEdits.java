package dev.wherry.daemon.runtime.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What devices of the Container Device Interface change in the container that they are given to (CDI specification,
 * "containerEdits").
 *
 * @param env "KEY=VALUE"
 * @param nodes device nodes and the access to them
 * @param hooks by the name that the runtime spec has for their time
 * @param groups supplementary groups of the process
 */
public record CdiEdits(
        List<String> env, List<Node> nodes, List<Mount> mounts, Map<String, List<Hook>> hooks, List<Integer> groups) {

    /** Nothing. */
    public static final CdiEdits NONE = new CdiEdits(List.of(), List.of(), List.of(), Map.of(), List.of());

    public CdiEdits {
        env = List.copyOf(env);
        nodes = List.copyOf(nodes);
        mounts = List.copyOf(mounts);
        hooks = Map.copyOf(hooks);
        groups = List.copyOf(groups);
    }

    /**
     * A device node.
     *
     * @param type {@code c}, {@code b} or {@code p}
     * @param permissions made of r, w and m
     */
    public record Node(
            String path, String type, int major, int minor, int fileMode, int uid, int gid, String permissions) {}

    /** @param type of the file system; {@code bind} for a path of the host */
    public record Mount(String source, String target, String type, List<String> options) {}

    /**
     * A program of the host that the runtime starts.
     *
     * @param timeout in seconds; 0 for none
     */
    public record Hook(String path, List<String> args, List<String> env, int timeout) {}

    /** These, and others after them. */
    CdiEdits and(CdiEdits other) {
        Map<String, List<Hook>> both = new java.util.TreeMap<>(hooks);
        other.hooks.forEach((time, more) -> both.merge(time, more, (first, second) -> joined(first, second)));
        return new CdiEdits(
                joined(env, other.env),
                joined(nodes, other.nodes),
                joined(mounts, other.mounts),
                both,
                Stream.concat(groups.stream(), other.groups.stream()).distinct().toList());
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}

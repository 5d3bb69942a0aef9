package dev.wherry.daemon.runtime.spec;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** How a process is connected to networks. */
@RegisterForReflection
public enum NetworkMode {
    /** By a namespace of its own, which was connected to one or more networks before. */
    BRIDGE,
    /** As the host, in the host's own namespace. */
    HOST,
    /** Not at all: its namespace has nothing but a loopback interface. */
    NONE,
    /** As another container, in that container's namespace, or as all of a pod, in the namespace of its sandbox. */
    CONTAINER;

    private static final String JOINED = "container:";
    private static final String OF_POD = "pod:";

    /** What a container of a pod has for the name of its network. */
    public static String ofPod(String sandbox) {
        return OF_POD + sandbox;
    }

    /** The mode of a container: any name that means nothing else is that of a network. */
    public static NetworkMode ofContainer(String name) {
        if (name.startsWith(JOINED) && name.length() > JOINED.length() || name.startsWith(OF_POD)) {
            return CONTAINER;
        }
        return switch (name) {
            case "host" -> HOST;
            case "none" -> NONE;
            default -> BRIDGE;
        };
    }

    /** The name that users know it by. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

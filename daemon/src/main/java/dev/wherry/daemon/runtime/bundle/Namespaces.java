package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.bundle.JoinedContainers.Peer;
import dev.wherry.daemon.runtime.cgroup.CgroupHierarchy;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which namespaces a container has to itself, shares with the host, or joins. */
final class Namespaces {

    private static final String HOST = "host";

    private Namespaces() {}

    /** @throws InvalidInputException when a mode is not known, or does not go with another */
    static void check(Isolation isolation) {
        one("PID namespace", isolation.pid(), true, "", HOST, "private");
        one("IPC namespace", isolation.ipc(), true, "", HOST, "none", "private", "shareable");
        one("UTS namespace", isolation.uts(), false, "", HOST, "private");
        one("cgroup namespace", isolation.cgroupNamespace(), false, "", HOST, "private");
        if (!isolation.userNamespace().isEmpty() && !isolation.userNamespace().equals(HOST)) {
            throw new InvalidInputException("user namespace " + isolation.userNamespace()
                    + ": user namespaces are not supported: use host, or leave it out");
        }
        if (isolation.privileged() && isolation.cgroupNamespace().equals("private") && !CgroupHierarchy.isUnified()) {
            throw new InvalidInputException(
                    "a private cgroup namespace does not go with a privileged container on a host"
                            + " with control groups of version 1: leave one out");
        }
    }

    private static void one(String field, String mode, boolean joins, String... known) {
        boolean join = joins && mode.startsWith("container:") && mode.length() > "container:".length();
        if (!join && !List.of(known).contains(mode)) {
            String modes = String.join(", ", List.of(known).subList(1, known.length));
            throw new InvalidInputException(
                    field + " " + mode + ": not known: use " + modes + (joins ? " or container:NAME" : ""));
        }
    }

    static List<Namespace> spec(ContainerProcess process) {
        Isolation isolation = process.options().isolation();
        JoinedContainers peers = process.options().peers();
        List<Namespace> namespaces = new ArrayList<>(List.of(own("mount")));
        peers.users()
                .ifPresent(users ->
                        namespaces.add(new Namespace("user", users.namespace().toString())));
        add(namespaces, "uts", "uts", isolation.uts(), peers.uts());
        add(namespaces, "pid", "pid", isolation.pid(), peers.pid());
        add(namespaces, "ipc", "ipc", isolation.ipc(), peers.ipc());
        network(namespaces, process.network(), peers.network());
        if (hasCgroupNamespace(isolation)) {
            namespaces.add(own("cgroup"));
        }
        return namespaces;
    }

    /** By default only where there is one hierarchy, as docker has it: programs of version 1 look for their own. */
    private static boolean hasCgroupNamespace(Isolation isolation) {
        return isolation.cgroupNamespace().isEmpty()
                ? CgroupHierarchy.isUnified()
                : isolation.cgroupNamespace().equals("private");
    }

    private static void add(List<Namespace> namespaces, String type, String file, String mode, Optional<Peer> joined) {
        if (joined.isPresent()) {
            namespaces.add(new Namespace(type, joined.get().namespace(file).toString()));
        } else if (!mode.equals(HOST)) {
            namespaces.add(own(type));
        }
    }

    private static void network(List<Namespace> namespaces, ProcessNetwork network, Optional<Peer> joined) {
        if (network.namespace().isPresent()) {
            namespaces.add(new Namespace("network", network.namespace().get().toString()));
        } else {
            add(namespaces, "network", "net", network.mode() == NetworkMode.HOST ? HOST : "", joined);
        }
    }

    private static Namespace own(String type) {
        return new Namespace(type, null);
    }
}

package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.access.Caller;

/** What a URL leads to, for the caller to whom the URL was given. */
sealed interface StreamTarget {

    Caller caller();

    /** One process, whose streams the options name. */
    record Process(Caller caller, StreamOptions options, Session session) implements StreamTarget {}

    /** Ports of a pod. */
    record Ports(Caller caller, PodPorts ports) implements StreamTarget {}
}

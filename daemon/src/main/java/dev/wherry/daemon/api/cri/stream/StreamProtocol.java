package dev.wherry.daemon.api.cri.stream;

import java.util.List;
import java.util.stream.Stream;

/** The versions of Kubernetes' protocol for the streams of a process, the best first. */
enum StreamProtocol {
    V5("v5.channel.k8s.io"),
    V4("v4.channel.k8s.io"),
    V3("v3.channel.k8s.io"),
    V2("v2.channel.k8s.io"),
    V1("channel.k8s.io");

    private final String wireName;

    StreamProtocol(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static List<String> names(StreamProtocol... of) {
        return Stream.of(of).map(StreamProtocol::wireName).toList();
    }

    static StreamProtocol named(String wireName) {
        return Stream.of(values())
                .filter(protocol -> protocol.wireName.equals(wireName))
                .findFirst()
                .orElseThrow();
    }

    /** Whether the end of the process comes as JSON. */
    boolean isStructured() {
        return compareTo(V4) <= 0;
    }

    /** Whether there is a stream for the sizes of the client's window. */
    boolean resizes() {
        return compareTo(V3) <= 0;
    }
}

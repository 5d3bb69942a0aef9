package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.AttachRequest;
import dev.wherry.cri.v1.AttachResponse;
import dev.wherry.cri.v1.ExecRequest;
import dev.wherry.cri.v1.ExecResponse;
import dev.wherry.cri.v1.PortForwardRequest;
import dev.wherry.cri.v1.PortForwardResponse;
import dev.wherry.daemon.api.cri.stream.StreamOptions;
import dev.wherry.daemon.api.cri.stream.StreamingServer;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.Pods;
import jakarta.inject.Singleton;

/** The URLs of streams. */
@Singleton
final class CriStreams {

    private final StreamingServer server;
    private final CriContainers containers;
    private final Pods pods;

    CriStreams(StreamingServer server, CriContainers containers, Pods pods) {
        this.server = server;
        this.containers = containers;
        this.pods = pods;
    }

    ExecResponse exec(ExecRequest request) {
        StreamOptions options =
                new StreamOptions(request.getStdin(), request.getStdout(), request.getStderr(), request.getTty());
        String container = containers.get(request.getContainerId()).id();
        return ExecResponse.newBuilder()
                .setUrl(server.exec(container, request.getCmdList(), options))
                .build();
    }

    AttachResponse attach(AttachRequest request) {
        StreamOptions options =
                new StreamOptions(request.getStdin(), request.getStdout(), request.getStderr(), request.getTty());
        String container = containers.get(request.getContainerId()).id();
        return AttachResponse.newBuilder()
                .setUrl(server.attach(container, options))
                .build();
    }

    PortForwardResponse forward(PortForwardRequest request) {
        Pod sandbox = ready(request.getPodSandboxId());
        return PortForwardResponse.newBuilder()
                .setUrl(server.forward(
                        sandbox.config().title(), () -> pods.network(ready(sandbox.id())), request.getPortList()))
                .build();
    }

    private Pod ready(String reference) {
        Pod sandbox = pods.get(reference);
        if (!sandbox.isReady()) {
            throw new ConflictException(sandbox.config().title() + " does not run");
        }
        return sandbox;
    }
}

package dev.wherry.cli.it;

import dev.wherry.cri.v1.ContainerConfig;
import dev.wherry.cri.v1.ContainerMetadata;
import dev.wherry.cri.v1.ContainerState;
import dev.wherry.cri.v1.ContainerStatus;
import dev.wherry.cri.v1.ContainerStatusRequest;
import dev.wherry.cri.v1.CreateContainerRequest;
import dev.wherry.cri.v1.ExecSyncRequest;
import dev.wherry.cri.v1.ExecSyncResponse;
import dev.wherry.cri.v1.IDMapping;
import dev.wherry.cri.v1.ImageServiceGrpc;
import dev.wherry.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import dev.wherry.cri.v1.ImageSpec;
import dev.wherry.cri.v1.ListPodSandboxRequest;
import dev.wherry.cri.v1.NamespaceMode;
import dev.wherry.cri.v1.PodSandboxConfig;
import dev.wherry.cri.v1.PodSandboxMetadata;
import dev.wherry.cri.v1.RemovePodSandboxRequest;
import dev.wherry.cri.v1.RunPodSandboxRequest;
import dev.wherry.cri.v1.RuntimeServiceGrpc;
import dev.wherry.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import dev.wherry.cri.v1.StartContainerRequest;
import dev.wherry.cri.v1.UserNamespace;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of the CRI socket, which does what a kubelet does. */
final class Kubelet implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final NioEventLoopGroup events = new NioEventLoopGroup(1);
    private final ManagedChannel channel;

    Kubelet(Path socket) {
        channel = NettyChannelBuilder.forAddress(
                        UnixDomainSocketAddress.of(socket), InsecureChannelCredentials.create())
                .eventLoopGroup(events)
                .channelFactory(NioDomainSocketChannel::new)
                .overrideAuthority("localhost")
                .build();
    }

    RuntimeServiceBlockingStub runtime() {
        return RuntimeServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    ImageServiceBlockingStub images() {
        return ImageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** A pod with logs in a folder. */
    static PodSandboxConfig.Builder pod(String name, Path logs) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(name)
                        .setNamespace("default")
                        .setUid("uid-" + name))
                .setHostname(name)
                .setLogDirectory(logs.toString())
                .putLabels("app", name);
    }

    /** A user namespace of a pod, with one mapping of both kinds. */
    static UserNamespace users(IDMapping mapping) {
        return UserNamespace.newBuilder()
                .setMode(NamespaceMode.POD)
                .addUids(mapping)
                .addGids(mapping)
                .build();
    }

    /** A container of busybox. */
    static ContainerConfig.Builder container(String name, String... command) {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name))
                .setImage(ImageSpec.newBuilder().setImage("busybox"))
                .addAllCommand(List.of(command))
                .setLogPath(name + "/0.log");
    }

    String run(PodSandboxConfig pod) {
        return runtime()
                .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(pod).build())
                .getPodSandboxId();
    }

    String create(String sandbox, PodSandboxConfig pod, ContainerConfig container) {
        return runtime()
                .createContainer(CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setConfig(container)
                        .setSandboxConfig(pod)
                        .build())
                .getContainerId();
    }

    /** Makes a container and starts it; returns its ID. */
    String start(String sandbox, PodSandboxConfig pod, ContainerConfig container) {
        String id = create(sandbox, pod, container);
        start(id);
        return id;
    }

    void start(String container) {
        runtime()
                .startContainer(StartContainerRequest.newBuilder()
                        .setContainerId(container)
                        .build());
    }

    ContainerStatus status(String container) {
        return runtime()
                .containerStatus(ContainerStatusRequest.newBuilder()
                        .setContainerId(container)
                        .build())
                .getStatus();
    }

    ContainerStatus awaitExit(String container) throws InterruptedException {
        while (status(container).getState() != ContainerState.CONTAINER_EXITED) {
            Thread.sleep(20);
        }
        return status(container);
    }

    ExecSyncResponse exec(String container, String... command) {
        return runtime()
                .execSync(ExecSyncRequest.newBuilder()
                        .setContainerId(container)
                        .addAllCmd(List.of(command))
                        .build());
    }

    /** Removes all pods that there are. */
    void removeAll() {
        runtime()
                .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
                .getItemsList()
                .forEach(pod -> runtime()
                        .removePodSandbox(RemovePodSandboxRequest.newBuilder()
                                .setPodSandboxId(pod.getId())
                                .build()));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

import dev.wherry.v1.ContainerServiceGrpc;
import dev.wherry.v1.ContainerSummary;
import dev.wherry.v1.ListContainersRequest;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** Lists all containers of the daemon at a unix socket. */
class Containers {
    public static void main(String[] args) {
        UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(args[0]);
        NioEventLoopGroup events = new NioEventLoopGroup(1);
        ManagedChannel channel = NettyChannelBuilder.forAddress(socket, InsecureChannelCredentials.create())
                .eventLoopGroup(events)
                .channelFactory(NioDomainSocketChannel::new)
                .overrideAuthority("localhost")
                .build();
        ListContainersRequest request = ListContainersRequest.newBuilder().setAll(true).build();
        for (ContainerSummary container : ContainerServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .list(request)
                .getContainersList()) {
            System.out.println(container.getName() + " " + container.getState() + " " + container.getImage());
        }
        channel.shutdownNow();
        events.shutdownGracefully();
    }
}

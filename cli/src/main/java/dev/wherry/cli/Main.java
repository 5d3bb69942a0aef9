package dev.wherry.cli;

import dev.wherry.v1.SystemServiceGrpc;
import dev.wherry.v1.VersionRequest;
import dev.wherry.v1.VersionResponse;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.net.UnixDomainSocketAddress;

/** Starts the command line. */
@QuarkusMain
public class Main {

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command line and returns its exit code. */
    static int run(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("version")) {
            System.out.println("wherry");
            return 0;
        }
        java.util.logging.LogManager.getLogManager().reset();
        String host = System.getenv().getOrDefault("WHERRY_HOST", "unix:///run/wherry/wherryd.sock");
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        UnixDomainSocketAddress.of(host.substring("unix://".length())),
                        InsecureChannelCredentials.create())
                .eventLoopGroup(new NioEventLoopGroup(1))
                .channelFactory(NioDomainSocketChannel::new)
                .directExecutor()
                .overrideAuthority("localhost")
                .build();
        VersionResponse version =
                SystemServiceGrpc.newBlockingStub(channel).version(VersionRequest.getDefaultInstance());
        System.out.println("Client: " + Version.NUMBER + "\nServer: " + version.getVersion());
        channel.shutdownNow();
        return 0;
    }
}

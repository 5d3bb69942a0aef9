package dev.wherry.cli.client;

import dev.wherry.cli.client.HostAddress.Ssh;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Connections to a daemon through the user's own {@code ssh}: each is a child of this process that runs
 * {@code wherry system dial-stdio} on the other side. Within this process a connection is a pair of channels in memory, so
 * that no socket and no file is left behind.
 */
final class SshTunnel implements ClientInterceptor, AutoCloseable {
    /**
     * Ctrl-C is meant for the command and not for the connection that the command still needs. A program inherits the
     * signals that its parent ignores; {@code ssh} obeys Ctrl-C nevertheless while it asks for a password.
     */
    private static final String DEAF_SHELL = "trap '' INT QUIT; exec ssh \"$@\"";

    private final Ssh address;
    private final LocalAddress entrance = new LocalAddress(SshTunnel.class);
    private final io.netty.channel.Channel listener;
    private final List<SshProcess> processes = new CopyOnWriteArrayList<>();

    SshTunnel(Ssh address, Map<String, String> environment, EventLoopGroup events) {
        this.address = address;
        this.listener = new ServerBootstrap()
                .group(events)
                .channelFactory(LocalServerChannel::new)
                .childHandler(new ChannelInitializer<LocalChannel>() {
                    @Override
                    protected void initChannel(LocalChannel connection) {
                        SshProcess process = new SshProcess(command(), environment);
                        processes.add(process);
                        connection.pipeline().addLast(process);
                    }
                })
                .bind(entrance)
                .syncUninterruptibly()
                .channel();
    }

    /** A channel whose connections go through here. */
    NettyChannelBuilder builder() {
        return TcpConnection.asking(NettyChannelBuilder.forAddress(entrance, InsecureChannelCredentials.create())
                .channelFactory(LocalChannel::new)
                .overrideAuthority("localhost")
                .intercept(this));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", DEAF_SHELL, "ssh"));
        command.addAll(arguments(address));
        return command;
    }

    /** What {@code ssh} is called with: the options that docker gives it, the host, and the command there. */
    static List<String> arguments(Ssh address) {
        List<String> arguments = new ArrayList<>(List.of("-o", "ConnectTimeout=30", "-T"));
        address.user().ifPresent(user -> arguments.addAll(List.of("-l", user)));
        address.port().ifPresent(port -> arguments.addAll(List.of("-p", Integer.toString(port))));
        arguments.addAll(List.of("--", address.host(), "wherry"));
        // A shell reads the command on the other side.
        address.socket()
                .ifPresent(
                        socket -> arguments.addAll(List.of("--host", "'unix://" + socket.replace("'", "'\\''") + "'")));
        arguments.addAll(List.of("system", "dial-stdio"));
        return arguments;
    }

    /** Gives a call that failed because {@code ssh} ended what {@code ssh} said. */
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                super.onClose(explained(status), trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private Status explained(Status status) {
        // The newest may still try to connect again, after the one that the call used.
        SshFailure failure = processes.reversed().stream()
                .map(SshProcess::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return status.getCode() == Status.Code.UNAVAILABLE && failure != null ? status.withCause(failure) : status;
    }

    @Override
    public void close() {
        listener.close();
        processes.forEach(SshProcess::end);
    }
}

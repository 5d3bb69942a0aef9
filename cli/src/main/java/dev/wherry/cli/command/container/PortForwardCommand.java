package dev.wherry.cli.command.container;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.stream.ForwardCall;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry port-forward}. It runs until the user ends it; a connection that fails is reported and ends alone. */
@Command
public final class PortForwardCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            split = ",",
            description = "Addresses to listen on (default: localhost)")
    private List<String> addresses = new ArrayList<>();

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    @Parameters(paramLabel = "[LOCAL:]REMOTE", index = "1..*", arity = "1..*")
    private List<String> ports;

    public PortForwardCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        List<ForwardedPort> forwarded = ports.stream().map(ForwardedPort::parse).toList();
        String id = running();
        List<Thread> accepting = new ArrayList<>();
        for (ForwardedPort port : forwarded) {
            List<String> all = addresses.isEmpty() ? List.of("localhost") : addresses;
            for (ServerSocket listening : ForwardListener.open(all, port.local())) {
                session.console()
                        .out()
                        .println("Forwarding from " + ForwardListener.shown(listening.getInetAddress()) + ":"
                                + listening.getLocalPort() + " -> " + port.remote());
                accepting.add(start("accept", () -> accept(listening, id, port.remote())));
            }
        }
        try {
            for (Thread thread : accepting) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw CallFailures.of(e, session.address());
        }
        return ExitStatus.FAILURE;
    }

    /** Accepting and reading block a thread, which must not keep the process alive. */
    private static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    /**
     * The ID of the container, so that a later one of the same name is not connected to.
     *
     * @throws Failure if the container does not run: each connection would fail
     */
    private String running() {
        Object found = JsonValues.parse(InspectContainerCommand.json(session, container));
        if (found instanceof Map<?, ?> all
                && all.get("Id") instanceof String id
                && all.get("State") instanceof Map<?, ?> state
                && Boolean.TRUE.equals(state.get("Running"))) {
            return id;
        }
        throw new Failure("container " + container + " is not running");
    }

    private void accept(ServerSocket listening, String id, int remote) {
        try {
            while (true) {
                Socket local = listening.accept();
                local.setTcpNoDelay(true);
                session.console().out().println("Handling connection for " + listening.getLocalPort());
                start("connection", () -> forward(local, id, remote));
            }
        } catch (IOException e) {
            session.console().error("port-forward: port " + listening.getLocalPort() + ": " + e.getMessage());
        }
    }

    /** Each connection has one of its own to the daemon, so that one that nobody reads does not stop the others. */
    private void forward(Socket local, String id, int remote) {
        try (DaemonChannel daemon =
                new DaemonChannel(session.address(), session.console().environment())) {
            ForwardCall.run(daemon, local, id, remote);
        } catch (Failure failure) {
            session.console().error(failure.getMessage());
        }
    }
}

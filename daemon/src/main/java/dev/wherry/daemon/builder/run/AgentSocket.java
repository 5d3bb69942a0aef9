package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.source.SshAgents;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The socket that a step or git takes for an SSH agent: what it says there is carried to the client's agent and back. */
final class AgentSocket implements SshAgents.Agent {

    private static final int MOST_CONNECTIONS = 64;

    private final Path path;
    private final String id;
    private final BuildClient client;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS);

    private AgentSocket(Path path, String id, BuildClient client, ServerSocketChannel server) {
        this.path = path;
        this.id = id;
        this.client = client;
        this.server = server;
    }

    /**
     * Opens the socket.
     *
     * @param path does not exist; a socket's path has at most 107 bytes
     */
    static AgentSocket open(Path path, String id, RunMount.Access owner, BuildClient client) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        AgentSocket socket = new AgentSocket(path, id, client, server);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Inodes.lchown(path, owner.uid(), owner.gid());
            Inodes.chmod(path, owner.mode());
            Thread.ofVirtual().name("agent-socket").start(socket::accept);
            return socket;
        } catch (Throwable failure) {
            socket.close();
            throw failure;
        }
    }

    @Override
    public Path path() {
        return path;
    }

    private void accept() {
        try {
            while (true) {
                free.acquire();
                SocketChannel connection = server.accept();
                connections.add(connection);
                Thread.ofVirtual().name("agent").start(() -> serve(connection));
                if (!server.isOpen()) {
                    connection.close();
                }
            }
        } catch (IOException | InterruptedException closed) {
            // The step has ended.
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            client.talkToAgent(id, connection);
        } catch (IOException | InterruptedException | RuntimeException ended) {
            // The step sees that its agent has closed the connection.
        } finally {
            connections.remove(connection);
            free.release();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel connection : connections) {
            connection.close();
        }
        Files.deleteIfExists(path);
    }
}

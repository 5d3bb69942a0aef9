package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import dev.wherry.v1.AgentData;
import dev.wherry.v1.BuildRequest;
import io.grpc.StatusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The connection of a build step to an SSH agent of the client. A step may ask which keys there are and have something
 * signed; all else, such as adding or removing keys, is answered with a failure (draft-miller-ssh-agent).
 */
final class AgentConversation {
    private static final int CHUNK = 16 << 10;
    private static final int LARGEST_MESSAGE = 256 << 10;
    private static final byte REQUEST_IDENTITIES = 11;
    private static final byte SIGN_REQUEST = 13;
    /** A message of one byte: SSH_AGENT_FAILURE. */
    private static final ByteString REFUSAL = ByteString.copyFrom(new byte[] {0, 0, 0, 1, 5});

    private final SocketChannel agent;
    private final int connection;
    private final ContextSender.Sink sink;
    private final BlockingQueue<AgentData> questions = new LinkedBlockingQueue<>();

    private AgentConversation(SocketChannel agent, int connection, ContextSender.Sink sink) {
        this.agent = agent;
        this.connection = connection;
        this.sink = sink;
    }

    static AgentConversation with(Path socket, int connection, ContextSender.Sink sink) throws IOException {
        SocketChannel agent = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            agent.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            agent.close();
            throw e;
        }
        AgentConversation conversation = new AgentConversation(agent, connection, sink);
        Thread.ofVirtual().name("agent-questions").start(conversation::ask);
        Thread.ofVirtual().name("agent-answers").start(conversation::answer);
        return conversation;
    }

    void received(AgentData data) {
        questions.add(data);
    }

    private void ask() {
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        try {
            for (AgentData data = questions.take(); !data.getClosed(); data = questions.take()) {
                pending.writeBytes(data.getData().toByteArray());
                pass(pending);
            }
        } catch (IOException | InterruptedException | StatusException ended) {
            // The other side is told by the answers, which end too.
        } finally {
            end();
        }
    }

    /** Passes on the messages that are complete. */
    private void pass(ByteArrayOutputStream pending) throws IOException, InterruptedException, StatusException {
        byte[] bytes = pending.toByteArray();
        int at = 0;
        while (bytes.length - at > Integer.BYTES) {
            int length = ByteBuffer.wrap(bytes, at, Integer.BYTES).getInt();
            if (length < 1 || length > LARGEST_MESSAGE) {
                throw new IOException("not an SSH agent's message");
            }
            int end = at + Integer.BYTES + length;
            if (end > bytes.length) {
                break;
            }
            byte type = bytes[at + Integer.BYTES];
            if (type == REQUEST_IDENTITIES || type == SIGN_REQUEST) {
                ByteBuffer message = ByteBuffer.wrap(bytes, at, end - at);
                while (message.hasRemaining()) {
                    agent.write(message);
                }
            } else {
                send(AgentData.newBuilder().setData(REFUSAL));
            }
            at = end;
        }
        pending.reset();
        pending.write(bytes, at, bytes.length - at);
    }

    private void answer() {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
            while (agent.read(buffer) >= 0) {
                buffer.flip();
                send(AgentData.newBuilder().setData(ByteString.copyFrom(buffer)));
                buffer.clear();
            }
        } catch (IOException | InterruptedException | StatusException ended) {
            // Told below as far as it can be.
        } finally {
            end();
            try {
                send(AgentData.newBuilder().setClosed(true));
            } catch (InterruptedException | StatusException | RuntimeException gone) {
                // The build has ended.
            }
        }
    }

    private void send(AgentData.Builder data) throws InterruptedException, StatusException {
        sink.send(BuildRequest.newBuilder()
                .setAgent(data.setConnection(connection))
                .build());
    }

    void end() {
        try {
            agent.close();
        } catch (IOException closed) {
            // It is closed all the same.
        }
    }
}

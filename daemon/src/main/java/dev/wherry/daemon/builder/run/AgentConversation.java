package dev.wherry.daemon.builder.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One conversation of a step with an SSH agent of the client: bytes both ways until one side ends. */
public final class AgentConversation {

    private static final int CHUNK = 16 << 10;

    /** Answers that a step has not read; an agent gives one to each question. */
    private static final int MOST_UNREAD = 256;

    /** Carries what the step says to the client's agent. */
    public interface Agent {

        /** @param data read before the call returns */
        void send(ByteBuffer data) throws InterruptedException;

        /** The step has ended the conversation. */
        void closed() throws InterruptedException;
    }

    private final SocketChannel step;
    private final Agent agent;
    /** What the agent says; empty for its end. */
    private final BlockingQueue<Optional<ByteBuffer>> answers = new LinkedBlockingQueue<>(MOST_UNREAD);

    public AgentConversation(SocketChannel step, Agent agent) {
        this.step = step;
        this.agent = agent;
    }

    /** Carries bytes both ways until one side ends. */
    public void carry() throws IOException, InterruptedException {
        Thread writer = Thread.ofVirtual().name("agent-answers").start(this::write);
        try {
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
            while (step.read(buffer) >= 0) {
                buffer.flip();
                agent.send(buffer);
                buffer.clear();
            }
        } finally {
            writer.interrupt();
            agent.closed();
        }
    }

    private void write() {
        try {
            for (Optional<ByteBuffer> data = answers.take(); data.isPresent(); data = answers.take()) {
                while (data.get().hasRemaining()) {
                    step.write(data.get());
                }
            }
        } catch (IOException | InterruptedException ended) {
            // The reader learns the same.
        } finally {
            end();
        }
    }

    /**
     * The client's agent says something.
     *
     * @param data empty when the agent has ended the conversation
     */
    public void received(Optional<ByteBuffer> data) {
        if (!answers.offer(data)) {
            end();
        }
    }

    /** Ends the conversation at once. */
    public void end() {
        try {
            step.close();
        } catch (IOException closed) {
            // It is closed all the same.
        }
    }
}

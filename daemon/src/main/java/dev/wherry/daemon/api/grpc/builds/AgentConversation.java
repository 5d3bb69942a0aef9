package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.v1.AgentData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One conversation of a step with an SSH agent of the client. */
final class AgentConversation {

    private static final int CHUNK = 16 << 10;

    /** Answers that a step has not read; an agent gives one to each question. */
    private static final int MOST_UNREAD = 256;

    /** Sends a piece to the client. */
    @FunctionalInterface
    interface Sender {
        void send(AgentData.Builder data) throws InterruptedException;
    }

    private final SocketChannel step;
    private final Sender sender;
    private final BlockingQueue<AgentData> answers = new LinkedBlockingQueue<>(MOST_UNREAD);

    AgentConversation(SocketChannel step, Sender sender) {
        this.step = step;
        this.sender = sender;
    }

    /** Carries bytes both ways until one side ends. */
    void carry() throws IOException, InterruptedException {
        Thread writer = Thread.ofVirtual().name("agent-answers").start(this::write);
        try {
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
            while (step.read(buffer) >= 0) {
                buffer.flip();
                sender.send(AgentData.newBuilder().setData(ByteString.copyFrom(buffer)));
                buffer.clear();
            }
        } finally {
            writer.interrupt();
            sender.send(AgentData.newBuilder().setClosed(true));
        }
    }

    private void write() {
        try {
            for (AgentData data = answers.take(); !data.getClosed(); data = answers.take()) {
                ByteBuffer buffer = data.getData().asReadOnlyByteBuffer();
                while (buffer.hasRemaining()) {
                    step.write(buffer);
                }
            }
        } catch (IOException | InterruptedException ended) {
            // The reader learns the same.
        } finally {
            end();
        }
    }

    /** The client's agent says something, or has ended. */
    void received(AgentData data) {
        if (!answers.offer(data)) {
            end();
        }
    }

    void end() {
        try {
            step.close();
        } catch (IOException closed) {
            // It is closed all the same.
        }
    }
}

package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.AgentData;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.LoginsAnswer;
import dev.wherry.v1.LoginsRequest;
import dev.wherry.v1.SecretChunk;
import io.grpc.StatusException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers the requests of a build for logins, secrets and SSH agents. Used by one thread. */
final class StepAnswers implements AutoCloseable {
    private static final int CHUNK = 32 << 10;

    private final StepSecrets offers;
    private final BuildLogins logins;
    private final ContextSender.Sink sink;
    private final Map<Integer, AgentConversation> conversations = new ConcurrentHashMap<>();
    private final Map<String, KeyAgent> started = new ConcurrentHashMap<>();

    StepAnswers(StepSecrets offers, BuildLogins logins, ContextSender.Sink sink) {
        this.offers = offers;
        this.logins = logins;
        this.sink = sink;
    }

    void logins(LoginsRequest request) throws InterruptedException, StatusException {
        sink.send(BuildRequest.newBuilder()
                .setLogins(LoginsAnswer.newBuilder().addAllLogins(logins.at(request.getRegistriesList())))
                .build());
    }

    void secret(String id) throws InterruptedException, StatusException {
        StepSecrets.Secret secret = offers.secrets().get(id);
        if (secret == null) {
            send(SecretChunk.newBuilder().setError("the client has no secret of that name"));
            return;
        }
        byte[] content;
        try {
            content = secret.read();
        } catch (IOException | Failure e) {
            send(SecretChunk.newBuilder().setError(CallFailures.sentence(e)));
            return;
        }
        int at = 0;
        do {
            int length = Math.min(CHUNK, content.length - at);
            ByteString data = ByteString.copyFrom(content, at, length);
            at += length;
            send(SecretChunk.newBuilder().setData(data).setLast(at == content.length));
        } while (at < content.length);
        Arrays.fill(content, (byte) 0);
    }

    private void send(SecretChunk.Builder chunk) throws InterruptedException, StatusException {
        sink.send(BuildRequest.newBuilder().setSecret(chunk).build());
    }

    void agent(AgentData data) throws InterruptedException, StatusException {
        AgentConversation conversation = conversations.get(data.getConnection());
        if (conversation == null && !data.getClosed()) {
            begin(data);
        } else if (conversation != null) {
            conversation.received(data);
            if (data.getClosed()) {
                conversations.remove(data.getConnection());
            }
        }
    }

    private void begin(AgentData data) throws InterruptedException, StatusException {
        try {
            conversations.put(
                    data.getConnection(), AgentConversation.with(socket(data.getId()), data.getConnection(), sink));
        } catch (IOException | Failure unreachable) {
            sink.send(BuildRequest.newBuilder()
                    .setAgent(AgentData.newBuilder()
                            .setConnection(data.getConnection())
                            .setClosed(true))
                    .build());
        }
    }

    private Path socket(String id) throws IOException {
        return switch (offers.agents().get(id)) {
            case StepSecrets.Agent.AtSocket running -> running.path();
            case StepSecrets.Agent.WithKeys keys -> {
                if (!started.containsKey(id)) {
                    started.put(id, KeyAgent.start(keys.files()));
                }
                yield started.get(id).socket();
            }
            case null -> throw new IOException("no agent " + id);
        };
    }

    @Override
    public void close() {
        conversations.values().forEach(AgentConversation::end);
        started.values().forEach(KeyAgent::close);
    }
}

package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.filesync.AuthGrpc;
import dev.wherry.buildkit.filesync.CredentialsRequest;
import dev.wherry.buildkit.filesync.CredentialsResponse;
import dev.wherry.buildkit.secrets.GetSecretRequest;
import dev.wherry.buildkit.secrets.SecretsGrpc;
import dev.wherry.buildkit.ssh.BytesMessage;
import dev.wherry.buildkit.ssh.CheckAgentRequest;
import dev.wherry.buildkit.ssh.SSHGrpc;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.builder.run.AgentConversation;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import io.grpc.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The secrets, SSH agents and logins of a client, asked for over its session. */
public final class SessionClient implements BuildClient {

    /** Where the hub's logins are, as docker calls it. */
    private static final String HUB_LOGIN = "registry-1.docker.io";

    private static final String HUB = "docker.io";
    private static final int MOST_AGENT_BYTES = 16 << 10;

    private final ClientSession session;
    private final Map<String, Optional<RegistryLogin>> logins = new ConcurrentHashMap<>();

    public SessionClient(ClientSession session) {
        this.session = session;
    }

    @Override
    public Optional<byte[]> secret(String id) throws InterruptedException {
        if (!session.offers(SecretsGrpc.getGetSecretMethod())) {
            return Optional.empty();
        }
        try {
            ByteString data = session.ask(
                            SecretsGrpc.getGetSecretMethod(),
                            GetSecretRequest.newBuilder().setID(id).build())
                    .getData();
            if (data.size() > LARGEST_SECRET) {
                throw new InvalidInputException("the secret \"" + id + "\" is larger than 500 KiB");
            }
            return Optional.of(data.toByteArray());
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    @Override
    public RegistryLogins logins(Set<String> registries) {
        Map<String, RegistryLogin> found = new HashMap<>();
        if (session.offers(AuthGrpc.getCredentialsMethod())) {
            registries.forEach(
                    host -> logins.computeIfAbsent(host, this::login).ifPresent(login -> found.put(host, login)));
        }
        return new RegistryLogins(found);
    }

    private Optional<RegistryLogin> login(String host) {
        try {
            CredentialsResponse answer = session.ask(
                    AuthGrpc.getCredentialsMethod(),
                    CredentialsRequest.newBuilder()
                            .setHost(host.equals(HUB) ? HUB_LOGIN : host)
                            .build());
            return answer.getSecret().isEmpty() ? Optional.empty() : Optional.of(login(answer));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    /** A secret without a name is a token that a token service gave. */
    private static RegistryLogin login(CredentialsResponse answer) {
        return answer.getUsername().isEmpty()
                ? new RegistryLogin("", "", answer.getSecret())
                : new RegistryLogin(answer.getUsername(), answer.getSecret(), "");
    }

    @Override
    public boolean hasAgent(String id) {
        if (!session.offers(SSHGrpc.getCheckAgentMethod())) {
            return false;
        }
        try {
            session.ask(
                    SSHGrpc.getCheckAgentMethod(),
                    CheckAgentRequest.newBuilder().setID(id).build());
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        } catch (CancelledException gone) {
            throw gone;
        } catch (WherryException none) {
            return false;
        }
    }

    @Override
    public void talkToAgent(String id, SocketChannel step) throws IOException, InterruptedException {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("buildkit.ssh.id", Metadata.ASCII_STRING_MARSHALLER), id);
        try (SessionCall<BytesMessage, BytesMessage> call = session.open(SSHGrpc.getForwardAgentMethod(), headers)) {
            AgentConversation talk = new AgentConversation(step, new AgentConversation.Agent() {
                @Override
                public void send(ByteBuffer data) throws InterruptedException {
                    call.send(BytesMessage.newBuilder()
                            .setData(ByteString.copyFrom(data))
                            .build());
                }

                @Override
                public void closed() {
                    call.close();
                }
            });
            Background.start("agent-answers", () -> hear(call, talk));
            talk.carry();
        }
    }

    private static void hear(SessionCall<BytesMessage, BytesMessage> call, AgentConversation talk)
            throws InterruptedException {
        try {
            for (Optional<BytesMessage> said = call.next(); said.isPresent(); said = call.next()) {
                if (said.get().getData().size() > MOST_AGENT_BYTES * 16) {
                    break;
                }
                talk.received(Optional.of(said.get().getData().asReadOnlyByteBuffer()));
            }
        } catch (WherryException ended) {
            // As below.
        }
        talk.received(Optional.empty());
    }
}

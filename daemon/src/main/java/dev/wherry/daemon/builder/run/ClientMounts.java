package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What one RUN has of the client while it runs: secrets, which are wiped with this, and SSH agents. What the client does
 * not give is left out, unless the instruction requires it.
 */
final class ClientMounts implements AutoCloseable {

    private final BuildClient client;
    private final Step step;
    private final List<byte[]> secrets = new ArrayList<>();
    private final List<AgentSocket> agents = new ArrayList<>();
    private final List<String> secretEnv = new ArrayList<>();
    private Optional<String> agentVariable = Optional.empty();
    private int agentMounts;

    ClientMounts(BuildClient client, Step step) {
        this.client = client;
        this.step = step;
    }

    /** Variables that are secret, as "KEY=VALUE". */
    List<String> secretEnv() {
        return secretEnv;
    }

    /** The variable that leads to the first agent, as "KEY=VALUE". */
    Optional<String> agentVariable() {
        return agentVariable;
    }

    /**
     * @param target makes a path absolute
     * @return the file, if there is one
     */
    Optional<ExtraMount> add(RunMount.Secret secret, UnaryOperator<String> target) {
        Optional<byte[]> content = ask(secret);
        if (content.isEmpty()) {
            if (secret.required()) {
                throw missing("the secret \"" + secret.id()
                        + "\" was not given: name a file or a variable with its value in the build's secrets");
            }
            return Optional.empty();
        }
        secrets.add(content.get());
        RunMount.Access owner = secret.owner();
        secret.env().ifPresent(name -> {
            String value = new String(content.get(), StandardCharsets.UTF_8);
            if (value.indexOf('\0') >= 0) {
                throw missing("the secret \"" + secret.id() + "\" has a zero byte: it cannot be a variable");
            }
            secretEnv.add(name + "=" + value);
        });
        return secret.target()
                .map(path -> new ExtraMount.Secret(
                        target.apply(path), content.get(), owner.mode(), owner.uid(), owner.gid()));
    }

    private Optional<byte[]> ask(RunMount.Secret secret) {
        try {
            return client.secret(secret.id());
        } catch (InvalidInputException failure) {
            throw missing(failure.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled");
        }
    }

    /**
     * @param socket where the socket may be made
     * @param target makes a path absolute
     * @return the socket, if there is one
     */
    Optional<ExtraMount> add(RunMount.Ssh ssh, Path socket, UnaryOperator<String> target) {
        String path = ssh.target().map(target).orElse("/run/buildkit/ssh_agent." + agentMounts++);
        if (!client.hasAgent(ssh.id())) {
            if (ssh.required()) {
                throw missing("the SSH agent \"" + ssh.id() + "\" was not given to the build");
            }
            return Optional.empty();
        }
        agentVariable = agentVariable.or(() -> Optional.of("SSH_AUTH_SOCK=" + path));
        try {
            AgentSocket agent = AgentSocket.open(socket, ssh.id(), ssh.owner(), client);
            agents.add(agent);
            return Optional.of(new ExtraMount.Bind(agent.path(), path, true, false));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot make a socket for an SSH agent", failure);
        }
    }

    private RuntimeException missing(String message) {
        return step.failed(message);
    }

    @Override
    public void close() throws IOException {
        secrets.forEach(secret -> Arrays.fill(secret, (byte) 0));
        for (AgentSocket agent : agents) {
            agent.close();
        }
    }
}

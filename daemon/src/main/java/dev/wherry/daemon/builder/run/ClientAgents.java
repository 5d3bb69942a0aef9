package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.builder.source.SshAgents;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Lets the daemon's git use the SSH agent of a client. */
@Singleton
public final class ClientAgents {

    /** The name that {@code --ssh} gives an agent when it names none, and BuildKit's git asks for. */
    private static final String DEFAULT = "default";

    private static final RunMount.Access PRIVATE = new RunMount.Access(0600, 0, 0);

    private final Workspace workspace;

    public ClientAgents(Workspace workspace) {
        this.workspace = workspace;
    }

    public SshAgents of(BuildClient client) {
        return () -> client.hasAgent(DEFAULT)
                ? Optional.of(AgentSocket.open(workspace.newSocket(), DEFAULT, PRIVATE, client))
                : Optional.empty();
    }
}

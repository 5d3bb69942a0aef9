package dev.wherry.daemon.builder.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The SSH agent that a client of a build lets git use. */
@FunctionalInterface
public interface SshAgents {

    /** A client that lets git use none. */
    SshAgents NONE = Optional::empty;

    /** A socket that leads to the agent; empty when the client gives none. */
    Optional<Agent> open() throws IOException;

    /** An agent, until it is closed. */
    interface Agent extends AutoCloseable {

        /** The socket that ssh takes. */
        Path path();

        @Override
        void close() throws IOException;
    }
}

package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;

/** What the client of a build gives to it and to its steps while they run. Called from several threads at once. */
public interface BuildClient {

    /** The largest secret, in bytes. */
    int LARGEST_SECRET = 500 << 10;

    /** A client that has nothing to give. */
    BuildClient NONE = new BuildClient() {
        @Override
        public Optional<byte[]> secret(String id) {
            return Optional.empty();
        }

        @Override
        public boolean hasAgent(String id) {
            return false;
        }

        @Override
        public void talkToAgent(String id, SocketChannel step) {
            throw new IllegalStateException("no agent " + id);
        }
    };

    /**
     * Asks for a secret; empty when the client has none of that name. The caller wipes it.
     *
     * @throws dev.wherry.daemon.error.InvalidInputException when the client cannot read it, or it is larger than
     *     {@link #LARGEST_SECRET}
     */
    Optional<byte[]> secret(String id) throws InterruptedException;

    /**
     * Asks for the client's logins at some registries, as far as it has any.
     *
     * @param registries hosts as references name them
     * @throws dev.wherry.daemon.error.CancelledException when interrupted
     */
    default RegistryLogins logins(Set<String> registries) {
        return RegistryLogins.NONE;
    }

    /** Whether the client has an SSH agent of that name. */
    boolean hasAgent(String id);

    /** Carries bytes between a step and an agent of the client, until one of them has had enough. */
    void talkToAgent(String id, SocketChannel step) throws IOException, InterruptedException;
}

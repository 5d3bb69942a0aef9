package dev.wherry.daemon.api.docker.build;

import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;

/** A client that gave its logins with the request, and has neither secrets nor agents. */
record HeaderLogins(RegistryLogins logins) implements BuildClient {

    @Override
    public Optional<byte[]> secret(String id) {
        return Optional.empty();
    }

    @Override
    public RegistryLogins logins(Set<String> registries) {
        return logins;
    }

    @Override
    public boolean hasAgent(String id) {
        return false;
    }

    @Override
    public void talkToAgent(String id, SocketChannel step) {
        throw new IllegalStateException("no agent " + id);
    }
}

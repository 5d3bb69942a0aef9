package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.registry.transport.HttpTransport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * All registries, reached anonymously. {@link #open} a repository, read its {@linkplain RemoteRepository#manifest
 * manifests}, {@linkplain RemoteRepository#fetch fetch} its blobs into the content store.
 */
@Singleton
public final class Registries {

    private volatile RegistrySettings settings;
    private final ContentStore content;
    private final RegistryClient client;

    @Inject
    Registries(RegistrySettings settings, ContentStore content) {
        this(settings, content, Duration.ofSeconds(30));
    }

    /** @param patience how long an answer, or the next bytes of one, may take */
    public Registries(RegistrySettings settings, ContentStore content, Duration patience) {
        this.settings = settings;
        this.content = content;
        this.client = new RegistryClient(new HttpTransport(
                host -> this.settings.isPlain(host),
                patience,
                "if you trust that host, name it in insecure-registries"));
    }

    /** What holds for repositories that are opened from now on. */
    public RegistrySettings settings() {
        return settings;
    }

    /** Opens repositories by other settings from now on. */
    public void use(RegistrySettings changed) {
        settings = changed;
    }

    /** A repository. Nothing is asked of a registry yet. */
    public RemoteRepository open(RepositoryName repository) {
        RegistrySettings settings = this.settings;
        return new RemoteRepository(settings.endpoints(repository), settings.origin(repository), client, content);
    }
}

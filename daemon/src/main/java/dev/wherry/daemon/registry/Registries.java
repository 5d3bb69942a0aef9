package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.registry.auth.Authorizer;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.registry.transport.HttpTransport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * All registries. {@link #open} a repository, read its {@linkplain RemoteRepository#manifest manifests},
 * {@linkplain RemoteRepository#fetch fetch} its blobs into the content store; or open it {@linkplain #target as a target},
 * {@linkplain PushTarget#add add} blobs and {@linkplain PushTarget#put put} manifests. Logins come with the call that
 * opens a repository and are forgotten with what it returns.
 */
@Singleton
public final class Registries {

    private volatile RegistrySettings settings;
    private final ContentStore content;
    private final HttpTransport transport;
    private final RegistryClient anonymous;

    @Inject
    Registries(RegistrySettings settings, ContentStore content) {
        this(settings, content, Duration.ofSeconds(30));
    }

    /** @param patience how long an answer, or the next bytes of one, may take */
    public Registries(RegistrySettings settings, ContentStore content, Duration patience) {
        this.settings = settings;
        this.content = content;
        this.transport = new HttpTransport(
                host -> this.settings.isPlain(host),
                patience,
                "if you trust that host, name it in insecure-registries");
        this.anonymous = new RegistryClient(transport, new Authorizer(transport, RegistryLogins.NONE));
    }

    /** What holds for repositories that are opened from now on. */
    public RegistrySettings settings() {
        return settings;
    }

    /** Opens repositories by other settings from now on. */
    public void use(RegistrySettings changed) {
        settings = changed;
    }

    /** A repository that is read anonymously. */
    public RemoteRepository open(RepositoryName repository) {
        return open(repository, RegistryLogins.NONE);
    }

    /** A repository to read. Nothing is asked of a registry yet. */
    public RemoteRepository open(RepositoryName repository, RegistryLogins logins) {
        RegistrySettings settings = this.settings;
        return new RemoteRepository(
                settings.endpoints(repository), settings.origin(repository), client(logins), content);
    }

    /** A repository to write to. Nothing is asked of a registry yet. */
    public PushTarget target(RepositoryName repository, RegistryLogins logins) {
        return new PushTarget(settings.origin(repository), client(logins));
    }

    private RegistryClient client(RegistryLogins logins) {
        return logins.isEmpty() ? anonymous : new RegistryClient(transport, new Authorizer(transport, logins));
    }
}

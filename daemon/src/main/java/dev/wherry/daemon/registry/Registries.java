package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.registry.auth.Authorizer;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All registries. {@link #open} a repository, read its {@linkplain RemoteRepository#manifest manifests},
 * {@linkplain RemoteRepository#fetch fetch} its blobs into the content store; or open it {@linkplain #target as a target},
 * {@linkplain PushTarget#add add} blobs and {@linkplain PushTarget#put put} manifests. Logins come with the call that
 * opens a repository and are forgotten with what it returns.
 */
@Singleton
public final class Registries {

    private static final int MAX_RESULTS = 100;

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
                        "if you trust that host, name it in insecure-registries")
                .withCertificates(() -> this.settings.certificates());
        this.anonymous = new RegistryClient(transport, new Authorizer(transport, RegistryLogins.NONE));
    }

    /** What holds for repositories that are opened from now on. */
    public RegistrySettings settings() {
        return settings;
    }

    /** Opens repositories by other settings from now on. */
    public void use(RegistrySettings changed) {
        settings = changed;
        transport.forgetCertificates();
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

    /** The hosts that are asked for a repository: its registry, and mirrors of it. */
    public Set<String> hosts(RepositoryName repository) {
        return settings.endpoints(repository).stream()
                .map(RegistryEndpoint::host)
                .collect(Collectors.toSet());
    }

    /** A repository to write to. Nothing is asked of a registry yet. */
    public PushTarget target(RepositoryName repository, RegistryLogins logins) {
        return new PushTarget(settings.origin(repository), client(logins));
    }

    /**
     * Checks a login with its registry.
     *
     * @return an identity token to use instead of the password; empty when the registry gives none
     * @throws DeniedException when the registry refuses it
     * @throws UnavailableException when the registry does not answer
     */
    public String login(String host, RegistryLogins logins) {
        if (!RegistrySettings.isHost(host)) {
            throw new InvalidInputException("\"" + host + "\" is not a registry host");
        }
        RegistryEndpoint endpoint = settings.registry(host);
        return Retry.of(endpoint, () -> client(logins).login(endpoint));
    }

    /**
     * Searches for repositories.
     *
     * @param term what is in their names, with a registry's host before it where that is not the default registry
     */
    public List<FoundRepository> search(String term, int limit, RegistryLogins logins) {
        if (limit < 1 || limit > MAX_RESULTS) {
            throw new InvalidInputException("invalid limit " + limit + ": at least 1 and at most " + MAX_RESULTS);
        }
        int slash = term.indexOf('/');
        String first = slash < 0 ? "" : term.substring(0, slash);
        boolean qualified = RegistrySettings.isHost(first)
                && (first.contains(".") || first.contains(":") || first.equals("localhost"));
        RegistryEndpoint endpoint = settings.registry(qualified ? first : settings.defaultRegistry());
        String wanted = qualified ? term.substring(slash + 1) : term;
        return Retry.of(endpoint, () -> new RepositorySearch(client(logins), endpoint).find(wanted, limit));
    }

    private RegistryClient client(RegistryLogins logins) {
        return logins.isEmpty() ? anonymous : new RegistryClient(transport, new Authorizer(transport, logins));
    }
}

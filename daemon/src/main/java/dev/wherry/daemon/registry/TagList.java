package dev.wherry.daemon.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.registry.auth.TokenScope;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tags of a repository (OCI distribution-spec, "Listing Tags"), which come in pages. */
final class TagList {

    private static final int MAX_PAGES = 1000;

    private final RegistryClient client;
    private final RegistryEndpoint endpoint;

    TagList(RegistryClient client, RegistryEndpoint endpoint) {
        this.client = client;
        this.endpoint = endpoint;
    }

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Page(List<String> tags) {}

    List<String> read() throws IOException {
        List<String> tags = new ArrayList<>();
        Optional<URI> page = Optional.of(endpoint.uri("tags/list?n=1000"));
        for (int pages = 0; page.isPresent(); pages++) {
            if (pages == MAX_PAGES) {
                throw new ProtocolException("its list of tags does not end");
            }
            URI uri = page.get();
            RegistryRequest request = RegistryRequest.get(uri, Map.of());
            try (RegistryResponse answer = client.send(endpoint, TokenScope.pull(endpoint.path()), request)) {
                if (answer.status() == 404) {
                    throw new NotFoundException("repository", endpoint.toString(), endpoint + " not found");
                }
                if (answer.status() != 200) {
                    throw RegistryErrors.unexpected(answer);
                }
                Optional.ofNullable(JsonAnswers.read(answer, Page.class).tags()).ifPresent(tags::addAll);
                page = NextPage.of(answer, uri);
            }
        }
        return tags;
    }
}

package dev.wherry.daemon.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wherry.daemon.registry.auth.TokenScope;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Searches a registry: by the search that Docker Hub and some others have, or through the list of all repositories (the
 * distribution project's "Catalog") where a registry has no search.
 */
final class RepositorySearch {

    private final RegistryClient client;
    private final RegistryEndpoint endpoint;

    RepositorySearch(RegistryClient client, RegistryEndpoint endpoint) {
        this.client = client;
        this.endpoint = endpoint;
    }

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Results(List<Result> results) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Result(
            String name,
            String description,
            @JsonProperty("star_count") long stars,
            @JsonProperty("is_official") boolean official,
            @JsonProperty("is_automated") boolean automated) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Catalog(List<String> repositories) {}

    List<FoundRepository> find(String term, int limit) throws IOException {
        String query = "search?q=" + URLEncoder.encode(term, StandardCharsets.UTF_8) + "&n=" + limit;
        RegistryRequest request = RegistryRequest.get(endpoint.index(query), Map.of());
        try (RegistryResponse answer = client.send(endpoint, TokenScope.IDENTITY, request)) {
            if (answer.status() != 200) {
                return inCatalog(term, limit);
            }
            return Optional.ofNullable(JsonAnswers.read(answer, Results.class).results()).orElse(List.of()).stream()
                    .filter(result -> result != null && result.name() != null)
                    .map(RepositorySearch::found)
                    .limit(limit)
                    .toList();
        }
    }

    private static FoundRepository found(Result result) {
        String description = Objects.requireNonNullElse(result.description(), "");
        return new FoundRepository(result.name(), description, result.stars(), result.official(), result.automated());
    }

    private List<FoundRepository> inCatalog(String term, int limit) throws IOException {
        RegistryRequest request = RegistryRequest.get(endpoint.api("_catalog?n=10000"), Map.of());
        try (RegistryResponse answer = client.send(endpoint, TokenScope.CATALOG, request)) {
            if (answer.status() != 200) {
                throw RegistryErrors.unexpected(answer);
            }
            return Optional.ofNullable(JsonAnswers.read(answer, Catalog.class).repositories())
                    .orElse(List.of())
                    .stream()
                    .filter(name -> name != null && name.contains(term))
                    .map(name -> new FoundRepository(endpoint.host() + "/" + name, "", 0, false, false))
                    .limit(limit)
                    .toList();
        }
    }
}

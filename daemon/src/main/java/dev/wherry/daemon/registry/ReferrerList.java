package dev.wherry.daemon.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.registry.auth.TokenScope;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import dev.wherry.daemon.registry.transport.RequestBody;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests that name another one as their subject, such as signatures (OCI distribution-spec, "Listing Referrers").
 * A registry without that list has an index in its place, under a tag made of the subject's digest ("Referrers Tag
 * Schema"), which those who push keep up to date.
 */
final class ReferrerList {

    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final int MAX_PAGES = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryClient client;
    private final RegistryEndpoint endpoint;

    ReferrerList(RegistryClient client, RegistryEndpoint endpoint) {
        this.client = client;
        this.endpoint = endpoint;
    }

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Page(List<Descriptor> manifests) {}

    /** What refers to a manifest or index; nothing where the registry knows of none. */
    List<Descriptor> read(Digest subject) throws IOException {
        Optional<URI> page = Optional.of(endpoint.uri("referrers/" + subject));
        List<Descriptor> all = new ArrayList<>();
        for (int pages = 0; page.isPresent(); pages++) {
            if (pages == MAX_PAGES) {
                throw new ProtocolException("its list of referrers does not end");
            }
            URI uri = page.get();
            RegistryRequest request = RegistryRequest.get(uri, Map.of("Accept", INDEX));
            try (RegistryResponse answer = client.send(endpoint, TokenScope.pull(endpoint.path()), request)) {
                if (answer.status() != 200) {
                    return manifests(JSON.convertValue(tagged(TokenScope.pull(endpoint.path()), subject), Page.class));
                }
                all.addAll(manifests(JsonAnswers.read(answer, Page.class)));
                page = NextPage.of(answer, uri);
            }
        }
        return all;
    }

    private static List<Descriptor> manifests(Page page) {
        return page.manifests == null
                ? List.of()
                : page.manifests.stream().filter(java.util.Objects::nonNull).toList();
    }

    /** The index under the subject's tag; one without entries where there is none. */
    private ObjectNode tagged(TokenScope scope, Digest subject) throws IOException {
        RegistryRequest request =
                RegistryRequest.get(endpoint.uri("manifests/" + ReferrerTags.index(subject)), Map.of("Accept", INDEX));
        try (RegistryResponse answer = client.send(endpoint, scope, request)) {
            return switch (answer.status()) {
                case 200 -> JsonAnswers.read(answer, ObjectNode.class);
                case 404 -> {
                    ObjectNode empty = JSON.createObjectNode();
                    empty.put("schemaVersion", 2).put("mediaType", INDEX).putArray("manifests");
                    yield empty;
                }
                default -> throw RegistryErrors.unexpected(answer);
            };
        }
    }

    /**
     * Adds a manifest, which is stored, to the index under its subject's tag.
     *
     * @param document the manifest, parsed
     */
    void add(Digest subject, Descriptor manifest, JsonNode document) throws IOException {
        ObjectNode index = tagged(TokenScope.push(endpoint.path()), subject);
        ArrayNode entries = index.withArray("manifests");
        for (JsonNode entry : entries) {
            if (entry.path("digest").asText().equals(manifest.digest().toString())) {
                return;
            }
        }
        ObjectNode entry = entries.addObject()
                .put("mediaType", manifest.mediaType())
                .put("digest", manifest.digest().toString())
                .put("size", manifest.size());
        String type = document.path("artifactType")
                .asText(document.path("config").path("mediaType").asText());
        if (!type.isEmpty()) {
            entry.put("artifactType", type);
        }
        if (document.path("annotations").isObject()) {
            entry.set("annotations", document.get("annotations"));
        }
        try (RegistryResponse answer = client.write(
                endpoint,
                "PUT",
                endpoint.uri("manifests/" + ReferrerTags.index(subject)),
                Map.of("Content-Type", INDEX),
                RequestBody.of(JSON.writeValueAsBytes(index)))) {
            if (answer.status() / 100 != 2) {
                throw RegistryErrors.unexpected(answer);
            }
        }
    }
}

package dev.wherry.daemon.builder.cache.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.registry.Retry;
import dev.wherry.daemon.registry.transport.BusyException;
import dev.wherry.daemon.registry.transport.HttpTransport;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import dev.wherry.daemon.registry.transport.RequestBody;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The service, in its second version: Twirp calls in JSON ({@code github.actions.results.api.v1.CacheService}). The first
 * version was shut down in 2025. Names of entries and what is in them are those of BuildKit, so that both sides share one
 * cache.
 *
 * <p>All calls throw {@link DeniedException} when the service refuses the token, and {@link UnavailableException} when it
 * does not answer or keeps failing.
 */
public final class ActionsService {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLS = "twirp/github.actions.results.api.v1.CacheService/";
    private static final int MAX_ANSWER = 64 << 10;
    private static final int MAX_REASON = 300;

    /** What clients of BuildKit's library call the form of their entries; the service separates entries by it. */
    private static final String VERSION = Digest.sha256("|go-actionscache-1.0").hex();

    private final HttpTransport transport;
    private final ActionsAccess access;

    ActionsService(HttpTransport transport, ActionsAccess access) {
        this.transport = transport;
        this.access = access;
    }

    /** An entry whose bytes are complete. */
    public record Found(String key, SignedBlob blob) {}

    /** The address and the token that it was opened with. */
    public ActionsAccess access() {
        return access;
    }

    /** The entry of a key, or else the newest one whose key begins with it. */
    public Optional<Found> find(String key) {
        ObjectNode question = question(key);
        question.putArray("restore_keys").add(key);
        JsonNode answer = call("GetCacheEntryDownloadURL", question).orElseThrow(this::unexpectedConflict);
        String matched = answer.path("matched_key").asText();
        return answer.path("ok").asBoolean() && matched.startsWith(key)
                ? Optional.of(new Found(matched, blob(answer.path("signed_download_url"))))
                : Optional.empty();
    }

    /** Begins an entry; empty when there is one of that key, or another client is writing it. */
    public Optional<SignedBlob> create(String key) {
        Optional<JsonNode> answer = call("CreateCacheEntry", question(key));
        answer.ifPresent(given -> requireOk(given, "does not take " + key));
        return answer.map(given -> blob(given.path("signed_upload_url")));
    }

    /** Completes an entry: from now on it is found. */
    public void finish(String key, long size) {
        ObjectNode question = question(key);
        question.put("size_bytes", size);
        requireOk(
                call("FinalizeCacheEntryUpload", question).orElseThrow(this::unexpectedConflict),
                "does not complete " + key);
    }

    private static ObjectNode question(String key) {
        return JSON.createObjectNode().put("key", key).put("version", VERSION);
    }

    private void requireOk(JsonNode answer, String problem) {
        if (!answer.path("ok").asBoolean()) {
            throw new UnavailableException("the GitHub Actions cache " + problem + reason(answer.path("message")));
        }
    }

    private UnavailableException unexpectedConflict() {
        return new UnavailableException("the GitHub Actions cache answers that the entry exists already");
    }

    private SignedBlob blob(JsonNode address) {
        try {
            URI uri = URI.create(address.asText());
            if (uri.getHost() != null) {
                return new SignedBlob(transport, uri);
            }
        } catch (IllegalArgumentException malformed) {
            // The address is not for messages.
        }
        throw new UnavailableException("the GitHub Actions cache answers with an address that is none");
    }

    /** The answer; empty where it is that there is such an entry already. */
    private Optional<JsonNode> call(String name, ObjectNode question) {
        if (access.token().expiry().isBefore(Instant.now())) {
            throw new InvalidInputException("the token of the GitHub Actions cache expired at "
                    + access.token().expiry());
        }
        byte[] body = question.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        RegistryRequest request = new RegistryRequest(
                "POST",
                access.url().resolve(CALLS + name),
                Map.of(
                        "Authorization", "Bearer " + access.token().text(),
                        "Content-Type", "application/json",
                        "Accept", "application/json"),
                RequestBody.of(body));
        return Retry.of("the GitHub Actions cache", () -> answer(request));
    }

    private Optional<JsonNode> answer(RegistryRequest request) throws IOException {
        try (RegistryResponse answer = transport.send(request)) {
            if (isBusy(answer.status())) {
                throw new BusyException(answer);
            }
            JsonNode given = json(answer);
            if (answer.status() == 200) {
                return Optional.of(given);
            }
            if (answer.status() == 409 || given.path("code").asText().equals("already_exists")) {
                return Optional.empty();
            }
            String told = reason(given.path("msg"));
            if (answer.status() == 401 || answer.status() == 403) {
                throw new DeniedException("the GitHub Actions cache refuses the token" + told);
            }
            throw new ProtocolException("it answers with status " + answer.status() + told);
        }
    }

    /** Whether asking again later may help. */
    static boolean isBusy(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private static JsonNode json(RegistryResponse answer) throws IOException {
        try {
            JsonNode given = JSON.readTree(answer.body().readNBytes(MAX_ANSWER));
            return given == null ? JSON.createObjectNode() : given;
        } catch (com.fasterxml.jackson.core.JacksonException malformed) {
            if (answer.status() == 200) {
                throw new ProtocolException("it answers with something that is no JSON");
            }
            return JSON.createObjectNode();
        }
    }

    private static String reason(JsonNode text) {
        String clean = text.asText("").replaceAll("\\p{Cntrl}", " ").strip();
        return clean.isEmpty() ? "" : ": " + clean.substring(0, Math.min(MAX_REASON, clean.length()));
    }
}

package dev.wherry.daemon.builder.cache.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a runner gives the jobs that it runs to use the cache service with: a JSON web token, which says in which scopes,
 * such as branches, its job may read and write. The service checks its signature. No message shows it.
 *
 * @param scopes in the order in which the service looks into them: the branch of the job first
 */
public record ActionsToken(String text, List<Scope> scopes, Instant expiry) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int READ = 1;
    private static final int WRITE = 2;

    /** One branch or pull request. */
    public record Scope(String name, boolean readable, boolean writable) {}

    static ActionsToken parse(String text) {
        String[] parts = text.split("\\.", -1);
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : ""));
            List<Scope> scopes = new ArrayList<>();
            for (JsonNode scope : JSON.readTree(claims.path("ac").asText("[]"))) {
                int permission = scope.path("Permission").asInt();
                scopes.add(
                        new Scope(scope.path("Scope").asText(), (permission & READ) != 0, (permission & WRITE) != 0));
            }
            if (!scopes.isEmpty() && claims.path("exp").isNumber()) {
                return new ActionsToken(
                        text,
                        List.copyOf(scopes),
                        Instant.ofEpochSecond(claims.path("exp").asLong()));
            }
        } catch (IOException | RuntimeException malformed) {
            // Its text is not for messages.
        }
        throw new InvalidInputException(
                "the token of the GitHub Actions cache is malformed: it is the ACTIONS_RUNTIME_TOKEN of a job");
    }

    /** The scope that this job writes to: the last that it may write to. */
    public Optional<Scope> own() {
        return scopes.stream().filter(Scope::writable).reduce((_, last) -> last);
    }

    @Override
    public String toString() {
        return "a token of GitHub Actions until " + expiry;
    }
}

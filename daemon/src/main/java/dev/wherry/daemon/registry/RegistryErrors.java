package dev.wherry.daemon.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a registry says in the body of a refusal (OCI distribution-spec, "Error Codes"). */
final class RegistryErrors {

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_TEXT = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private RegistryErrors() {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Body(List<Single> errors) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Single(String code, String message) {}

    /** The registry's own words, cleaned for a message; empty where it has none. Closes the answer. */
    static Optional<String> read(RegistryResponse answer) {
        try (answer) {
            Body body = JSON.readValue(answer.body().readNBytes(MAX_BYTES), Body.class);
            String text = body.errors() == null
                    ? ""
                    : body.errors().stream()
                            .filter(Objects::nonNull)
                            .map(error -> error.message() == null ? error.code() : error.message())
                            .filter(Objects::nonNull)
                            .collect(Collectors.joining("; "));
            String clean = text.replaceAll("\\p{Cntrl}", " ").strip();
            return clean.isEmpty()
                    ? Optional.empty()
                    : Optional.of(clean.substring(0, Math.min(MAX_TEXT, clean.length())));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** What to throw for a status that the protocol does not foresee. Closes the answer. */
    static ProtocolException unexpected(RegistryResponse answer) {
        int status = answer.status();
        return new ProtocolException("it answers with status " + status
                + read(answer).map(text -> ": " + text).orElse(""));
    }
}

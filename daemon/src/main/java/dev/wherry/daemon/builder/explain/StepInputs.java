package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a step depends on, as its cache record keeps it.
 *
 * @param instruction the instruction as written, on one line
 * @param files content digest of the files that a copy reads; names their {@link FileList}
 * @param reads of the files that earlier copies brought, those that a RUN opened; empty when that is not known
 */
public record StepInputs(String instruction, List<Facet> facets, Optional<Digest> files, Optional<List<String>> reads) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public StepInputs {
        facets = List.copyOf(facets);
        reads = reads.map(List::copyOf);
    }

    /** What a step without files depends on. */
    public static StepInputs of(String instruction, List<Facet> facets) {
        return new StepInputs(instruction, facets, Optional.empty(), Optional.empty());
    }

    /** The same, with more facets. */
    public StepInputs with(List<Facet> more) {
        List<Facet> all = new ArrayList<>(facets);
        all.addAll(more);
        return new StepInputs(instruction, all, files, reads);
    }

    public StepInputs withFiles(Digest content) {
        return new StepInputs(instruction, facets, Optional.of(content), reads);
    }

    /** The form that {@link #parse} reads. */
    public String json() {
        return node().toString();
    }

    ObjectNode node() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("instruction", instruction);
        ArrayNode list = json.putArray("facets");
        for (Facet facet : facets) {
            ArrayNode one =
                    list.addArray().add(facet.kind().name()).add(facet.name()).add(facet.value());
            if (facet.hidden()) {
                one.add(true);
            }
        }
        files.ifPresent(content -> json.put("files", content.toString()));
        reads.ifPresent(paths -> paths.forEach(json.withArray("reads")::add));
        reads.filter(List::isEmpty).ifPresent(none -> json.putArray("reads"));
        return json;
    }

    /** What a record says; empty when it is of another format. */
    public static Optional<StepInputs> parse(String json) {
        try {
            return Optional.of(parse(MAPPER.readTree(json)));
        } catch (JacksonException | IllegalArgumentException otherFormat) {
            return Optional.empty();
        }
    }

    static StepInputs parse(JsonNode json) {
        List<Facet> facets = new ArrayList<>();
        for (JsonNode one : json.path("facets")) {
            facets.add(new Facet(
                    Facet.Kind.valueOf(one.path(0).asText()),
                    one.path(1).asText(),
                    one.path(2).asText(),
                    one.path(3).asBoolean()));
        }
        Optional<List<String>> reads = Optional.empty();
        if (json.has("reads")) {
            List<String> paths = new ArrayList<>();
            json.get("reads").forEach(path -> paths.add(path.asText()));
            reads = Optional.of(paths);
        }
        Optional<Digest> files =
                json.has("files") ? Optional.of(Digest.parse(json.get("files").asText())) : Optional.empty();
        return new StepInputs(json.path("instruction").asText(), facets, files, reads);
    }
}
